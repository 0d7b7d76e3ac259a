using DevLab.JmesPath.Expressions;
using DevLab.JmesPath.Interop;
using FlowEngine.Context;
using Newtonsoft.Json.Linq;

namespace FlowEngine.Templates;

/// <summary>
/// Shared and immutable: a JMESPath expression (jmespath.org), which JmesPath.Net evaluates. What it may cost is known before: its
/// syntax and
/// functions are those of <see cref="JmesPathCost"/>, and a value that would take too long is refused.
/// </summary>
internal sealed class JmesPathQuery
{
    private readonly JmesPathExpression _expression;
    private readonly JmesPathCost _cost;

    private JmesPathQuery(JmesPathExpression expression, JmesPathCost cost)
    {
        _expression = expression;
        _cost = cost;
    }

    /// <summary>Parses an expression; null with the problem when it is refused.</summary>
    public static JmesPathQuery? TryParse(string text, out string? problem)
    {
        if (JmesPathCost.TryParse(text, out problem) is not { } cost)
            return null;
        var parts = new Parts();
        try
        {
            JmesPathLibrary.Parse(text).Accept(parts);
        }
        // The library throws Exception itself.
        catch (Exception error) when (error is not OutOfMemoryException)
        {
            problem = $"has an expression that is not JMESPath: {error.Message.TrimEnd('.')}";
            return null;
        }
        problem = parts.HasDate ? "has a date between backticks, which the library would change: write it between ' and '" : null;
        return problem is null ? new JmesPathQuery(parts.Inner!, cost) : null;
    }

    /// <summary>What the expression finds in the value; null where it finds nothing.</summary>
    public FunctionResult Evaluate(FlowValue input)
    {
        if (!(_cost.Of(input) <= JmesPathCost.Limit))
            return FunctionResult.Cannot("would take too long for a value of this size");
        FlowValue result;
        try
        {
            result = JmesPathValues.ToFlow(_expression.Transform(JmesPathValues.ToToken(input)).AsJToken());
        }
        // The library throws Exception itself, with values of the run in its messages.
        catch (Exception error) when (error is not OutOfMemoryException)
        {
            return FunctionResult.Cannot("cannot apply the expression to this value: a function in it takes a value of another type");
        }
        finally
        {
            JmesPathLibrary.LetGo(_cost.Functions);
        }
        return ValueLimits.Check(result, "The result") is null
            ? FunctionResult.Of(result)
            : FunctionResult.Cannot(
                $"would give more than {ValueLimits.MaxCharacters} characters or {ValueLimits.MaxValues} values, or {ValueLimits.MaxDepth} levels"
            );
    }

    /// <summary>Per expression: finds what is to be known of its tree.</summary>
    private sealed class Parts : IVisitor
    {
        private bool _isBelowRoot;

        /// <summary>The expression below its root, which would keep the value of a run, and mix up those of two.</summary>
        public JmesPathExpression? Inner { get; private set; }

        /// <summary>Whether the library read a text as a date.</summary>
        public bool HasDate { get; private set; }

        public void Visit(JmesPathExpression expression)
        {
            if (_isBelowRoot)
                Inner ??= expression;
            _isBelowRoot = true;
            if (expression is not JmesPathLiteral { Value: var value })
                return;
            HasDate |= (value is JContainer container ? container.DescendantsAndSelf() : [value]).Any(token =>
                token.Type == JTokenType.Date
            );
            JmesPathLibrary.Anchor(value);
        }
    }
}
