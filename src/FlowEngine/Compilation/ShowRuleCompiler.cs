using FlowEngine.Conditions;
using FlowEngine.Context;
using FlowEngine.Errors;
using FlowEngine.Screens;
using FlowEngine.Templates;

namespace FlowEngine.Compilation;

/// <summary>
/// Per screen and single-threaded: turns the rules of <c>showIf</c> into what decides when a component is shown. A rule may ask for inputs
/// that stand above its component, so that there is one order in which all of them are decided; in ways that a page decides exactly as the
/// server does; and for no secret, because what it is compared with is in the page.
/// </summary>
internal sealed class ShowRuleCompiler(DiagnosticBag problems)
{
    private readonly HashSet<string> _ofScreen = new(StringComparer.Ordinal);
    private readonly Dictionary<string, InputComponent> _above = new(StringComparer.Ordinal);

    /// <summary>The names of all inputs of the screen.</summary>
    public void Declare(IEnumerable<string> names) => _ofScreen.UnionWith(names);

    /// <summary>An input that stands above what follows.</summary>
    public void Passed(InputComponent input) => _above.TryAdd(input.Name, input);

    /// <summary>The rule; one that is never met where it has problems, which are reported.</summary>
    public ShowRule Compile(RuleSettings settings, FlowObject json, SourceLocation at) => One(settings, json, at, 1) ?? Never;

    private static ShowRule Never { get; } = new GroupShowRule([], all: false);

    private ShowRule? One(RuleSettings rule, FlowObject json, SourceLocation at, int depth)
    {
        if (!json.Get("script").IsNothing)
            return Refuse(at.At("script"), "A script cannot decide what is shown.");
        if (json.Get("rules").TryGetArray(out var written) && json.Get("key").IsNothing)
            return Group(rule, written, at, depth);
        if (InputOf(rule.Key) is { } name)
            return Live(name, rule, at);

        // What is asked here was known before the screen was shown, and so must be what it is compared with.
        if (ReadsOfScreen(json.Get("value")) is { } other)
            return Refuse(at.At("value"), $"It is compared with '{other}', an input of the same screen.");
        return RuleCompiler.Compile(rule, json, at, problems, depth) is { } known ? new KnownShowRule(known) : null;
    }

    /// <summary>The input of the screen that templates in a value read; null for none.</summary>
    private string? ReadsOfScreen(FlowValue value)
    {
        string? found = null;
        var reads = new DiagnosticBag();
        reads.OnRead = read => found ??= read.Root == "form" && read.Key is { } key && _ofScreen.Contains(key) ? key : null;
        JsonTemplate.Parse(value, SourceLocation.Root(null), reads);
        return found;
    }

    private GroupShowRule? Group(RuleSettings rule, FlowArray written, SourceLocation at, int depth)
    {
        if (depth >= RuleCompiler.MaxDepth)
        {
            problems.Error(FlowErrors.Range, at, $"Groups of rules nest more than {RuleCompiler.MaxDepth} deep.", "Flatten them.");
            return null;
        }
        if (written.Count == 0)
            problems.Error(FlowErrors.Required, at.At("rules"), "The group has no rules.", "Add a rule or remove the group.");
        var rules = new List<ShowRule>(written.Count);
        var next = 0;
        for (var i = 0; i < written.Count && next < rule.Rules.Count; i++)
        {
            // What is no object has been reported by the binder, and was not bound.
            if (written[i].TryGetObject(out var one))
                rules.Add(One(rule.Rules[next++], one, at.At("rules").At(i), depth + 1) ?? Never);
        }
        return new GroupShowRule(rules, rule.Match == "all");
    }

    private ShowRule? Live(string name, RuleSettings rule, SourceLocation at)
    {
        var key = at.At("key");
        if (!_above.TryGetValue(name, out var input))
            return Refuse(key, $"The input '{name}' does not stand above it.");
        if (input.IsSensitive)
            return Refuse(key, $"What is entered in '{name}' is a secret.");
        if (!ShownRules.IsLive(rule.Operator) || Operators.Find(rule.Operator) is not { } @operator)
            return Refuse(at.At("operator"), $"An input of the same screen can be asked by: {string.Join(", ", ShownRules.Operators)}.");
        if (!rule.Value.IsNone && rule.Value.Literal.IsMissing)
            return Refuse(at.At("value"), "It is compared with a value that is not fixed.");
        return new InputShowRule(name, @operator, rule.Value.IsNone ? FlowValue.Missing : rule.Value.Literal);
    }

    /// <summary>The input of the screen that a key names; null for anything else.</summary>
    private string? InputOf(string key) =>
        ContextPath.TryParse(key, out var path, out _)
        && path is { Root: ContextRoot.Form, FirstSegment: { } first }
        && _ofScreen.Contains(first)
            ? first
            : null;

    private ShowRule? Refuse(SourceLocation at, string message)
    {
        problems.Error(FlowErrors.ShowIf, at, message);
        return null;
    }
}
