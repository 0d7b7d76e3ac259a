using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using FlowEngine.Storage.Protection;

namespace FlowEngine.AspNetCore.Runs;

/// <summary>Shared and immutable: a run whose id was drawn, and which is not begun yet.</summary>
/// <param name="ExecutionId">The run's id.</param>
/// <param name="Ticket">Says that this server drew it, for this browser and flow. It is of use to nobody else.</param>
internal sealed record DrawnRun(string ExecutionId, string Ticket);

/// <summary>
/// Per process, thread-safe: tickets for runs that are begun by a second request: a browser is given the address of its run before
/// anything is done in it, so that a reload,
/// when the server was lost meanwhile, is the same run and not another. Without a ticket nobody can begin a run under an id of their
/// choice.
/// </summary>
internal sealed class DrawnRuns(RootKey rootKey, TimeProvider time)
{
    /// <summary>How long a ticket is good for: as long as somebody reloads a page that does not come.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(10);

    private readonly byte[] _key = rootKey.Derive("drawn runs");

    /// <summary>Writes a ticket.</summary>
    public DrawnRun Draw(string executionId, string flowId, string browserKey)
    {
        var until = (time.GetUtcNow() + Lifetime).ToUnixTimeSeconds();
        return new DrawnRun(
            executionId,
            string.Create(CultureInfo.InvariantCulture, $"{until}.{CodeOf(executionId, flowId, browserKey, until)}")
        );
    }

    /// <summary>Whether a ticket is one of ours, for this browser and flow, and still good.</summary>
    public bool IsValid(DrawnRun run, string flowId, string? browserKey) =>
        browserKey is not null
        && run.Ticket.Split('.') is [var text, var code]
        && long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var until)
        && CryptographicOperations.FixedTimeEquals(
            Encoding.UTF8.GetBytes(CodeOf(run.ExecutionId, flowId, browserKey, until)),
            Encoding.UTF8.GetBytes(code)
        )
        && time.GetUtcNow().ToUnixTimeSeconds() < until;

    private string CodeOf(string executionId, string flowId, string browserKey, long until) =>
        Base64Url.EncodeToString(
            HMACSHA256.HashData(
                _key,
                Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{executionId}\n{flowId}\n{browserKey}\n{until}"))
            )
        );
}
