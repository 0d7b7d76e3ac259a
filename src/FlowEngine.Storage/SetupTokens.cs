using System.Globalization;
using FlowEngine.Execution;
using FlowEngine.Storage.Engines;

namespace FlowEngine.Storage;

/// <summary>
/// Per process, thread-safe: the tokens of setup links, with which the first admin is made. Each start of each node prints one of its own,
/// so there may be several; none counts any more once there are people.
/// </summary>
internal sealed class SetupTokens(StorageDatabase database, TimeProvider time)
{
    private const string Prefix = "console.setup.";

    /// <summary>How long a token is good for.</summary>
    public static TimeSpan Lifetime { get; } = TimeSpan.FromHours(24);

    /// <summary>Makes a token, of which the hash is stored.</summary>
    /// <returns>The token; null when there are people already.</returns>
    public async Task<string?> CreateAsync(CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        await database
            .WriteAsync(
                $"delete from settings where name like '{Prefix}%' and cast(value as bigint) <= @now",
                new { now = ((UnixTime)now).Milliseconds },
                cancellationToken
            )
            .ConfigureAwait(false);
        var token = RunId.New();
        var made = await database
            .WriteAsync(
                "insert into settings (name, value, updated_at) select @name, @value, "
                    + "@now where not exists (select 1 from users) on conflict (name) do nothing",
                new
                {
                    name = NameOf(token),
                    value = ((UnixTime)(now + Lifetime)).Milliseconds.ToString(CultureInfo.InvariantCulture),
                    now = (UnixTime)now,
                },
                cancellationToken
            )
            .ConfigureAwait(false);
        return made > 0 ? token : null;
    }

    /// <summary>Takes a token: of any number of callers at once, one may go on.</summary>
    /// <returns>Whether it is good: made here, not used, not expired, and there are no people yet.</returns>
    public async Task<bool> TakeAsync(string token, CancellationToken cancellationToken)
    {
        // Not repeated when the answer is lost: the token may be gone, and gone is the safe side.
        var expires = await database
            .WriteOnceAsync<string>(
                "delete from settings where name = @name and not exists (select 1 from users) returning value",
                new { name = NameOf(token) },
                cancellationToken
            )
            .ConfigureAwait(false);
        return expires is not null && long.Parse(expires, CultureInfo.InvariantCulture) > ((UnixTime)time.GetUtcNow()).Milliseconds;
    }

    /// <summary>Removes the other tokens, once the first admin is there.</summary>
    public Task ClearAsync(CancellationToken cancellationToken) =>
        database.WriteAsync($"delete from settings where name like '{Prefix}%'", null, cancellationToken);

    private static string NameOf(string token) => Prefix + SecretHash.Of(token);
}
