using System.Globalization;
using Jint;
using Jint.Constraints;

namespace FlowEngine.Scripting;

/// <summary>Makes engines that have nothing of the host in them. Stateless.</summary>
internal static class ScriptSandbox
{
    private static readonly Options Shared = MakeOptions();

    /// <summary>A fresh engine: nothing that another script did to its prototypes or globals is in it.</summary>
    public static Engine Create(IReadOnlyList<GuardedBuiltin> guards, IReadOnlyList<string> removed)
    {
        var engine = new Engine(Shared);
        foreach (var name in removed)
            engine.Global.RemoveOwnProperty(name);
        foreach (var guard in guards)
            guard.Install(engine);
        return engine;
    }

    private static Options MakeOptions()
    {
        // No CLR access and no modules is Jint's default; everything a script could use to get at code that was not compiled with the flow is off.
        var options = new Options
        {
            Strict = true,
            Culture = CultureInfo.InvariantCulture,
            TimeZone = TimeZoneInfo.Utc,
            TimeSystem = new ScriptClock(),
            AgentCanSuspend = false,
        };
        options.DisableStringCompilation();
        options.LimitMemory(ScriptLimits.Memory);
        options.LimitRecursion(ScriptLimits.Recursion);
        options.MaxArraySize(ScriptLimits.ArrayLength);
        options.MaxJsonParseDepth(ScriptLimits.Depth);
        options.RegexTimeoutInterval(ScriptLimits.Time);
        options.Constraints.StackOverflowGuard = true;
        options.Constraints.PromiseTimeout = ScriptLimits.Time;
        // One deadline over all that an execution does, the reading of its result included; Jint's own begins anew with each call from outside.
        options.Constraint(() => new OperationDeadlineConstraint());
        return options;
    }
}
