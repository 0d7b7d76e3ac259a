using System.Globalization;
using Jint;

namespace FlowEngine.Scripting;

/// <summary>Makes engines that have nothing of the host in them. Stateless.</summary>
internal static class ScriptSandbox
{
    private static readonly Options Shared = MakeOptions();

    /// <summary>A fresh engine: nothing that another script did to its prototypes or globals is in it.</summary>
    /// <param name="guards">The built-ins to guard, or to take away.</param>
    /// <param name="constructors">The constructors to guard.</param>
    /// <param name="removed">The globals to take away.</param>
    public static Engine Create(GuardedBuiltin[] guards, KeyValuePair<string, ArgumentsGuard>[] constructors, string[] removed)
    {
        var engine = new Engine(Shared);
        foreach (var name in removed)
            engine.Global.RemoveOwnProperty(name);
        foreach (var guard in guards)
            guard.Install(engine);
        // After the guards: they take over what is guarded of the original.
        foreach (var (name, guard) in constructors)
            GuardedConstructor.Install(engine, name, guard);
        return engine;
    }

    private static Options MakeOptions()
    {
        // No CLR access and no modules is Jint's default; everything a script
        // could use to get at code that was not compiled with the flow is off.
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
        options.Constraint(() => new ScriptBudget());
        return options;
    }
}
