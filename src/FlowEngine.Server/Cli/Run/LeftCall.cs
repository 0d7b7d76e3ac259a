using FlowEngine.Connectors;
using FlowEngine.Context;
using FlowEngine.Errors;
using FlowEngine.Execution;

namespace FlowEngine.Server.Cli.Run;

/// <summary>Shared and immutable: a durable call that a run in this process left behind, and what became of it. Nothing is stored here,
/// so it is delivered before the command ends,
/// once, with its retries.</summary>
/// <param name="Activity">The activity.</param>
/// <param name="Connector">The connector.</param>
/// <param name="Error">Why it did not arrive; null when it did.</param>
internal sealed record LeftCall(string Activity, string Connector, FlowError? Error)
{
    /// <summary>Delivers the calls that a run has left, side by side.</summary>
    public static async Task<IReadOnlyList<LeftCall>> DeliverAsync(
        FlowRun run,
        ConnectorSet connectors,
        CancellationToken cancellationToken
    ) =>
        await Task.WhenAll(
            run.TakeQueuedCalls()
                .Select(async call =>
                {
                    var delivery = await connectors.Find(call.Connector, out _)!.DeliverAsync(call.Content, cancellationToken);
                    return new LeftCall(call.Activity, call.Connector, delivery.Error);
                })
        );

    /// <summary><c>{ activity, connector, delivered, error? }</c>.</summary>
    public FlowValue ToValue()
    {
        var call = new FlowObjectBuilder(4);
        call.Set("activity", FlowValue.From(Activity));
        call.Set("connector", FlowValue.From(Connector));
        call.Set("delivered", FlowValue.From(Error is null));
        call.Set("error", Error?.ToValue() ?? FlowValue.Missing);
        return FlowValue.From(call.Build());
    }

    /// <summary>The same for people.</summary>
    public string ToText() =>
        Error is null
            ? $"{Activity} was delivered"
            : $"{Activity} was NOT delivered and is lost: {Error.Code}: {Error.Message} A server would deliver it again.";
}
