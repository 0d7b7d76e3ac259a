using FlowEngine.AspNetCore.Runs;

namespace FlowEngine.AspNetCore.Web.Screens;

/// <summary>Per process, thread-safe: the one-time codes of hosted logins, on the storage: one is redeemed once, whichever node it comes
/// to. They are stored with the save that completes their run.</summary>
internal sealed class StoredCodes(Storage.OneTimeCodes codes) : OneTimeCodes
{
    /// <inheritdoc/>
    protected override async ValueTask<OneTimeGrant?> TakeAsync(string code, CancellationToken cancellationToken) =>
        await codes.RedeemAsync(code, cancellationToken) is { } content && RunWire.ReadAnswer(content) is { Return: { } leadsTo } answer
            ? new OneTimeGrant
            {
                ExecutionId = answer.ExecutionId,
                FlowId = answer.FlowId,
                RedirectUri = leadsTo.RedirectUri,
                CodeChallenge = leadsTo.CodeChallenge,
                Tokens = answer.Tokens,
                User = answer.User,
                Claims = answer.Claims,
                Output = answer.Output,
            }
            : null;
}
