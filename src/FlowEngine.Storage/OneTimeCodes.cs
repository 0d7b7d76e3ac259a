using System.Buffers.Text;
using System.Security.Cryptography;
using FlowEngine.Storage.Engines;
using FlowEngine.Storage.Protection;

namespace FlowEngine.Storage;

/// <summary>Per process, thread-safe: codes that stand for something for 60 seconds and can be redeemed once, on any node.</summary>
internal sealed class OneTimeCodes(StorageDatabase database, Vaults vaults, TimeProvider time)
{
    private readonly Vault _vault = vaults.Of("one-time codes");

    /// <summary>How long a code is good for.</summary>
    public static TimeSpan Lifetime { get; } = TimeSpan.FromSeconds(60);

    /// <summary>Makes a code: 256 random bits as base64url. It counts from the save of the run that it goes with.</summary>
    /// <param name="content">What it stands for.</param>
    public NewCode New(byte[] content)
    {
        var code = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));
        return new NewCode(code, SecretHash.Of(code), _vault.Seal(content), time.GetUtcNow() + Lifetime);
    }

    /// <summary>Redeems a code: of any number of callers at once, one gets the content.</summary>
    /// <returns>What it stood for; null when there is no such code, it was redeemed, or its time is over.</returns>
    public async Task<byte[]?> RedeemAsync(string code, CancellationToken cancellationToken)
    {
        // Not repeated when the answer is lost: the code may be gone, and gone is the safe side.
        var row = await database
            .WriteOnceAsync<Row>(
                "delete from one_time_codes where hash = @hash returning sealed_content as Content, expires_at as ExpiresAt",
                new { hash = SecretHash.Of(code) },
                cancellationToken
            )
            .ConfigureAwait(false);
        return row is not null && (DateTimeOffset)row.ExpiresAt > time.GetUtcNow() ? _vault.Open(row.Content) : null;
    }

    private sealed record Row
    {
        public byte[] Content { get; init; } = [];

        public UnixTime ExpiresAt { get; init; }
    }
}
