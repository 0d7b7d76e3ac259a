using FlowEngine.Context;
using FlowEngine.Errors;

namespace FlowEngine.Templates;

/// <summary>Shared and immutable: what stands between <c>{{</c> and <c>}}</c>.</summary>
public class TemplateExpression
{
    private readonly FlowValue _fallback;

    internal TemplateExpression(ContextPath path, FlowValue fallback)
    {
        Path = path;
        _fallback = fallback;
    }

    /// <summary>The path to the value.</summary>
    public ContextPath Path { get; }

    /// <summary>Whether something stands in for null or missing.</summary>
    internal bool HasFallback => !_fallback.IsMissing;

    /// <summary>The value; the fallback for null or missing. A missing value without a fallback is a warning in the trace, and so is a
    /// value
    /// that a function behind the path cannot take.</summary>
    public virtual FlowValue Evaluate(ReadContext context) => OrFallback(Path.Evaluate(context), context);

    private protected FlowValue OrFallback(FlowValue value, ReadContext context)
    {
        if (!value.IsNothing)
            return value;
        if (!_fallback.IsMissing)
            return _fallback;
        if (value.IsMissing)
            context.Warn(FlowErrors.TemplateMissing, Path);
        return value;
    }
}
