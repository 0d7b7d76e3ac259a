using FlowEngine.Context;
using FlowEngine.Errors;

namespace FlowEngine.Scripting;

/// <summary>Shared and immutable: what a script returned, or why it did not.</summary>
/// <param name="Value">What it returned; missing when it failed.</param>
/// <param name="Problem">Why it failed, or null.</param>
internal readonly record struct ScriptResult(FlowValue Value, FlowError? Problem)
{
    public static ScriptResult Of(FlowValue value) => new(value, null);

    public static ScriptResult Failed(ErrorCode code, string message) => new(FlowValue.Missing, FlowError.Of(code, message));
}
