using FlowEngine.Errors;
using Jint;
using Jint.Runtime;
using RegexMatchTimeoutException = System.Text.RegularExpressions.RegexMatchTimeoutException;

namespace FlowEngine.Scripting;

/// <summary>Says in the flow designer's words why a script ended. Stateless.</summary>
internal static class ScriptFault
{
    private const int MaxMessage = 500;

    public static FlowError Explain(Exception error, SourceMap map) =>
        error switch
        {
            TimeoutException or RegexMatchTimeoutException => Limit("time: it ran longer than 1 s"),
            MemoryLimitExceededException limit when limit.Message.Contains("too", StringComparison.Ordinal) => Limit(
                $"memory (32 MB): {limit.Message}"
            ),
            MemoryLimitExceededException or OutOfMemoryException => Limit(
                "memory: it allocated more than 32 MB, or an array of more than a million elements"
            ),
            RecursionDepthOverflowException or InsufficientExecutionStackException => Limit(
                "recursion: a function called itself more than 100 times"
            ),
            JavaScriptException { Message: "Maximum call stack size exceeded" } => Limit("recursion: the calls nest too deeply"),
            JavaScriptException { Message: "Invalid string length" } => Limit("memory: a text became too long"),
            JavaScriptException thrown => FlowError.Of(
                FlowErrors.ScriptFailed,
                $"The script failed{map.Describe(thrown.Location.Start)}: {MessageOf(thrown)}"
            ),
            InvalidOperationException => FlowError.Of(
                FlowErrors.ScriptFailed,
                "The script asked for something that scripts may not have, such as a module."
            ),
            _ => FlowError.Of(FlowErrors.ScriptFailed, $"The script failed ({error.GetType().Name})."),
        };

    /// <summary>The same without what the script said: it was given sensitive values, and could have put them into its message.</summary>
    public static FlowError Withhold(FlowError problem, Exception error, SourceMap map) =>
        error is JavaScriptException thrown && problem.Code == FlowErrors.ScriptFailed.Code
            ? FlowError.Of(
                FlowErrors.ScriptFailed,
                $"The script failed{map.Describe(thrown.Location.Start)}. Its "
                    + "message is withheld, because the script was given a sensitive value."
            )
            : problem;

    private static FlowError Limit(string which) => FlowError.Of(FlowErrors.ScriptLimit, $"The script ran into the limit of {which}.");

    private static string MessageOf(JavaScriptException thrown)
    {
        var message = thrown.Message.ReplaceLineEndings(" ");
        if (thrown.Error.IsObject() && message is "undefined" or "")
            message = "it threw an object without a message";
        return message.Length <= MaxMessage ? message : message[..MaxMessage] + "…";
    }
}
