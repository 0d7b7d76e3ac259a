using System.Buffers.Text;
using System.Collections.Concurrent;
using System.Security.Cryptography;
using FlowEngine.AspNetCore.Runs;
using FlowEngine.AspNetCore.Web.Screens;

namespace FlowEngine.Server.Tests.Screens.Serving;

/// <summary>One-time codes in a dictionary.</summary>
internal sealed class TestCodes(TimeProvider time) : OneTimeCodes
{
    private readonly ConcurrentDictionary<string, (OneTimeGrant Grant, DateTimeOffset Until)> _grants = new(StringComparer.Ordinal);

    /// <summary>The code of a completed run.</summary>
    public string Issue(RunAnswer answer)
    {
        var code = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));
        _grants[code] = (
            new OneTimeGrant
            {
                ExecutionId = answer.ExecutionId,
                FlowId = answer.FlowId,
                RedirectUri = answer.Return!.RedirectUri,
                CodeChallenge = answer.Return.CodeChallenge,
                Tokens = answer.Tokens,
                User = answer.User,
                Claims = answer.Claims,
                Output = answer.Output,
            },
            time.GetUtcNow() + Lifetime
        );
        return code;
    }

    protected override ValueTask<OneTimeGrant?> TakeAsync(string code, CancellationToken cancellationToken) =>
        ValueTask.FromResult(_grants.TryRemove(code, out var found) && time.GetUtcNow() < found.Until ? found.Grant : null);
}
