using System.Runtime.CompilerServices;
using Acornima;
using Acornima.Ast;
using FlowEngine.Context;

namespace FlowEngine.ElsaFormat;

/// <summary>
/// Shared and immutable: a condition of Elsa as a script that decides as Elsa does. Elsa converts what a script gives as .NET does: a
/// Boolean is itself, a number is true unless it is 0, of texts only "true" is, without regard to case, and nothing else.
/// </summary>
/// <param name="Script">The expression whose truth is the decision; empty with a problem.</param>
/// <param name="Problem">Why there is none, or null.</param>
/// <param name="Difference">What may still be decided otherwise, or null.</param>
/// <param name="MayThrow">Whether it may fail for some values.</param>
internal sealed record ElsaDecision(string Script, string? Problem, string? Difference, bool MayThrow)
{
    private const string Convert =
        "(v => v === true || typeof v === \"number\" && v !== 0 || typeof v === \"string\" && v.toLowerCase() === \"true\")";

    private static readonly ParserOptions Options = new() { AllowReturnOutsideFunction = true };

    /// <summary>The decision of a script that was translated already.</summary>
    public static ElsaDecision Of(string script)
    {
        try
        {
            return Of(script, new Parser(Options).ParseScript(script));
        }
        catch (Exception error) when (error is ParseErrorException or InsufficientExecutionStackException)
        {
            // The compiler says what is wrong with it.
            return new ElsaDecision(script, null, null, MayThrow: true);
        }
    }

    /// <summary>
    /// The first of several decisions, one that fails when any of them does: Elsa asks all conditions of a switch before it takes the
    /// first that holds, and we ask a case only when none before it does.
    /// </summary>
    /// <returns>Null where that is the first as it is, or there is none.</returns>
    public static ElsaDecision? FirstOf(IReadOnlyList<ElsaDecision?> decisions)
    {
        var others = decisions.Skip(1).Where(decision => decision is { MayThrow: true }).Select(decision => decision!.Script).ToList();
        return others.Count == 0 || decisions[0] is not { } first
            ? null
            : first with
            {
                Script = $"[{first.Script}, {string.Join(", ", others)}][0]",
            };
    }

    /// <summary>What Elsa decides when the condition is a value; null when it is no value that Elsa writes there.</summary>
    public static bool? OfLiteral(FlowValue value)
    {
        if (value.IsNothing)
            return false;
        if (value.TryGetBoolean(out var boolean))
            return boolean;
        if (value.Kind == FlowValueKind.Number)
            return value != FlowValue.From(0);
        var text = value.ToText();
        return text.Equals("true", StringComparison.OrdinalIgnoreCase) ? true
            : text.Length == 0 || text.Equals("false", StringComparison.OrdinalIgnoreCase) ? false
            : null;
    }

    private static ElsaDecision Of(string source, Script program)
    {
        if (program.Body.Count == 0)
            return new ElsaDecision("false", null, null, MayThrow: false);
        if (Find(program, SetsContext))
            return new ElsaDecision("", "sets a value of the context, which it cannot do here", null, MayThrow: true);

        var difference = Find(program, ComparesNothingStrictly)
            ? "compares with null or undefined strictly: an input that was not given is null in Elsa, and undefined here"
            : null;
        if (program.Body.Count == 1)
        {
            var (value, text) = program.Body[0] switch
            {
                ExpressionStatement only => (only.Expression, Text(source, only.Start, only.End)),
                ReturnStatement { Argument: { } argument } only => (argument, Text(source, only.Start + "return".Length, only.End)),
                _ => ((Expression?)null, ""),
            };
            // A list of expressions is the last of them, and must not become a list of arguments.
            if (value is SequenceExpression)
                text = $"({text})";
            if (value is not null)
                return new ElsaDecision(IsBoolean(value) ? text : $"{Convert}({text})", null, difference, MayFail(value));
        }

        return ToFunction(source, program) is { } function
            ? new ElsaDecision($"{Convert}({function})", null, difference, MayThrow: true)
            : new ElsaDecision("", "consists of statements of which it is not plain which one gives the value", null, MayThrow: true);
    }

    /// <summary>Several statements as one call of a function: the last is the value, unless a return comes before it.</summary>
    private static string? ToFunction(string source, Script program)
    {
        var last = program.Body[^1];
        if (last is ExpressionStatement value)
            return $"(() => {{ {source[..value.Start]}return {Text(source, value.Start, value.End)}; }})()";

        // A script's value is that of the last expression that ran: without any there is none but by return.
        return last is ReturnStatement || !Find(program, node => node is ExpressionStatement)
            ? $"(() => {{ {Text(source, 0, last.End)}; }})()"
            : null;
    }

    private static string Text(string source, int start, int end) => source[start..end].Trim().TrimEnd(';').TrimEnd();

    /// <summary>Whether an expression gives true or false and nothing else, whatever the values are.</summary>
    private static bool IsBoolean(Node expression)
    {
        RuntimeHelpers.EnsureSufficientExecutionStack();
        return expression switch
        {
            Literal literal => literal.Value is bool,
            UnaryExpression { Operator: Operator.LogicalNot } => true,
            LogicalExpression { Operator: Operator.LogicalAnd or Operator.LogicalOr } both => IsBoolean(both.Left) && IsBoolean(both.Right),
            ConditionalExpression choice => IsBoolean(choice.Consequent) && IsBoolean(choice.Alternate),
            BinaryExpression binary => binary.Operator
                is Operator.Equality
                    or Operator.Inequality
                    or Operator.StrictEquality
                    or Operator.StrictInequality
                    or Operator.LessThan
                    or Operator.LessThanOrEqual
                    or Operator.GreaterThan
                    or Operator.GreaterThanOrEqual
                    or Operator.In
                    or Operator.InstanceOf,
            _ => false,
        };
    }

    /// <summary>Whether an expression may throw: all but values, members of a root, and what is computed of them.</summary>
    private static bool MayFail(Node expression)
    {
        RuntimeHelpers.EnsureSufficientExecutionStack();
        return expression switch
        {
            Literal => false,
            Identifier name => name.Name is not ("undefined" or "NaN" or "Infinity") && !ContextRoots.Contains(name.Name),
            MemberExpression { Object: Identifier root } member => !ContextRoots.Contains(root.Name)
                || member.Computed && member.Property is not Literal,
            BinaryExpression { Operator: Operator.In or Operator.InstanceOf } => true,
            UnaryExpression or BinaryExpression or ConditionalExpression or TemplateLiteral or TemplateElement or ArrayExpression => Any(
                expression,
                MayFail
            ),
            _ => true,
        };
    }

    private static readonly HashSet<string> ContextRoots = new(
        ["form", "client", "user", "connectors", "scripts", "claims", "flow", "device", "error"],
        StringComparer.Ordinal
    );

    private static bool SetsContext(Node node) =>
        node switch
        {
            AssignmentExpression assignment => IsOfContext(assignment.Left),
            UpdateExpression update => IsOfContext(update.Argument),
            UnaryExpression { Operator: Operator.Delete } deletion => IsOfContext(deletion.Argument),
            _ => false,
        };

    private static bool IsOfContext(Node target)
    {
        while (target is MemberExpression member)
            target = member.Object;
        return target is Identifier name && ContextRoots.Contains(name.Name);
    }

    private static bool ComparesNothingStrictly(Node node) =>
        node is BinaryExpression { Operator: Operator.StrictEquality or Operator.StrictInequality } comparison
        && (IsNothing(comparison.Left) && IsOfContext(comparison.Right) || IsNothing(comparison.Right) && IsOfContext(comparison.Left));

    private static bool IsNothing(Node node) => node is Identifier { Name: "undefined" } || node is Literal { Value: null, Raw: "null" };

    /// <summary>Whether a statement or expression, or one inside it, is of a kind; what is inside functions does not count.</summary>
    private static bool Find(Node node, Func<Node, bool> isIt)
    {
        RuntimeHelpers.EnsureSufficientExecutionStack();
        return isIt(node) || node is not IFunction && Any(node, child => Find(child, isIt));
    }

    private static bool Any(Node node, Func<Node, bool> isIt)
    {
        foreach (var child in node.ChildNodes)
        {
            if (child is not null && isIt(child))
                return true;
        }
        return false;
    }
}
