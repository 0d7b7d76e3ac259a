using FlowEngine.Context;
using FlowEngine.Errors;

namespace FlowEngine.Templates;

/// <summary>Shared and immutable: a path with functions behind it. Null and missing go past them to the fallback.</summary>
internal sealed class PipedExpression(ContextPath path, FunctionCall[] calls, FlowValue fallback) : TemplateExpression(path, fallback)
{
    /// <inheritdoc/>
    public override FlowValue Evaluate(ReadContext context)
    {
        var value = Path.Evaluate(context);
        foreach (var call in calls)
        {
            if (value.IsNothing)
                break;
            (value, var problem) = call.Apply(value);
            if (problem is null)
                continue;
            context.Warn(FlowErrors.TemplateInput, $"{Path} | {call.Name}: {problem}.");
            // Why there is nothing is said already.
            return HasFallback ? OrFallback(FlowValue.Missing, context) : FlowValue.Missing;
        }
        return OrFallback(value, context);
    }
}
