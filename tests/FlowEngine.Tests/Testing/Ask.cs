using FlowEngine.Activities;
using FlowEngine.Context;
using FlowEngine.Errors;
using FlowEngine.Execution;
using FlowEngine.Settings;

namespace FlowEngine.Tests.Testing;

/// <summary>The settings of what asks somebody.</summary>
public sealed class AskSettings
{
    [Setting("Where the answer goes.", Editor = SettingEditors.ContextKey)]
    public string ContextKey { get; set; } = "";
}

/// <summary>Asks somebody, for whom replies stand in; and says in which ways that can end.</summary>
[Activity("Ask", "For tests.", Outcomes = ["Success"], ErrorEvents = ["Ask Failed"], CanRunInParallel = true)]
public sealed class Ask(string contextKey) : AskQuietly(contextKey)
{
    public override IReadOnlyList<WayToEnd> WaysToEnd(DrilledCall call) =>
        [new("down", FlowValue.Parse("""{ "error": { "code": "ask.down", "message": "Down." } }""")), new("empty", FlowValue.Parse("{}"))];

    public override FailureWays WaysByError(int errorEvent) => new(["ask.down"]);
}

/// <summary>Asks somebody, and does not say in which ways that can end.</summary>
[Activity("AskQuietly", "For tests.", Outcomes = ["Success"], ErrorEvents = ["Ask Failed"], CanRunInParallel = true)]
public class AskQuietly(string contextKey) : FlowActivity
{
    public override ValueTask<Outcome> ExecuteAsync(RunContext context, CancellationToken cancellationToken)
    {
        var reply = context.Replies!.Take(context.ActivityId);
        if (reply.IsMissing)
            return new(Outcome.Fail(FlowErrors.NoReply, "There is no reply."));
        context.SetConnector(contextKey, reply);
        return new(
            reply.Get("error") is { IsMissing: false } error
                ? Outcome.Error(0, new FlowError(error.Get("code").ToText(), error.Get("message").ToText()))
                : Outcome.Success
        );
    }
}
