using Acornima.Ast;
using FlowEngine.Context;
using FlowEngine.Errors;
using Jint;
using Jint.Native;
using Jint.Runtime;

namespace FlowEngine.Scripting;

/// <summary>Shared and immutable: a script that was parsed and analysed once, when
/// its flow was compiled. Each execution gets an engine of its own.</summary>
internal sealed class ScriptProgram
{
    private readonly Prepared<Script> _script;
    private readonly GuardedBuiltin[] _guards;
    private readonly string[] _removed;
    private readonly string? _refusal;
    private readonly SourceMap _map;
    private readonly KeyValuePair<string, ArgumentsGuard>[] _constructors;
    private readonly bool _limitsKeys;
    private readonly bool _hasCheckpoints;

    internal ScriptProgram(
        Prepared<Script> script,
        ScriptNames names,
        SourceMap map,
        bool limitsKeys,
        bool hasCheckpoints,
        bool isBrief,
        string? refusal
    )
    {
        _script = script;
        _limitsKeys = limitsKeys;
        _hasCheckpoints = hasCheckpoints;
        IsBrief = isBrief;
        _constructors = ScriptGuards.ConstructorsFor(names);
        _guards = ScriptGuards.For(names);
        _removed = ScriptGuards.RemovalsFor(names);
        _map = map;
        _refusal = refusal;
    }

    /// <summary>Whether it ends sooner than it could be handed to another thread, and so may run on the caller's.</summary>
    public bool IsBrief { get; }

    /// <summary>Runs the script. It takes at most about <see cref="ScriptLimits.Time"/>, on the caller's thread.</summary>
    /// <param name="arguments">The values of the named variables, in the order of their names.</param>
    /// <param name="time">The clock that Date shows.</param>
    /// <param name="cancellationToken">Ends the script with <see cref="OperationCanceledException"/>.</param>
    public ScriptResult Run(ReadOnlySpan<FlowValue> arguments, TimeProvider time, CancellationToken cancellationToken)
    {
        if (_refusal is not null)
            return ScriptResult.Failed(FlowErrors.ScriptLimit, _refusal);

        cancellationToken.ThrowIfCancellationRequested();
        var outer = ScriptClock.Current;
        ScriptClock.Current = time;
        try
        {
            var engine = ScriptSandbox.Create(_guards, _constructors, _removed);
            if (_limitsKeys)
                KeyLimit.Install(engine);
            if (_hasCheckpoints)
                Checkpoints.Install(engine);
            engine.Constraints.Find<ScriptBudget>()!.Begin(ScriptLimits.Time, cancellationToken);
            var values = new JsValue[arguments.Length];
            for (var i = 0; i < values.Length; i++)
                values[i] = ScriptInput.Convert(engine, arguments[i]);

            var function = engine.Evaluate(_script);
            var returned = engine.Call(function, JsValue.Undefined, values);
            var output = new ScriptOutput(engine);
            var value = output.Convert(returned);
            return output.Problem is null ? ScriptResult.Of(value) : ScriptResult.Failed(FlowErrors.ScriptResult, output.Problem);
        }
        catch (Exception error) when (!cancellationToken.IsCancellationRequested)
        {
            var problem = ScriptFault.Explain(error, _map);
            return new ScriptResult(FlowValue.Missing, HasSensitive(arguments) ? ScriptFault.Withhold(problem, error, _map) : problem);
        }
        catch (Exception error) when (error is not OperationCanceledException)
        {
            throw new OperationCanceledException(cancellationToken);
        }
        finally
        {
            ScriptClock.Current = outer;
        }
    }

    private static bool HasSensitive(ReadOnlySpan<FlowValue> values)
    {
        foreach (ref readonly var value in values)
        {
            if (value.ContainsSensitive())
                return true;
        }
        return false;
    }
}
