using FlowEngine.Activities;
using FlowEngine.Context;
using FlowEngine.Errors;
using FlowEngine.Scripting;
using FlowEngine.Settings;
using FlowEngine.Templates;

namespace FlowEngine.Conditions;

/// <summary>Turns the settings of rules into rules. Stateless.</summary>
internal static class RuleCompiler
{
    /// <summary>How deeply groups may nest.</summary>
    public const int MaxDepth = 32;

    /// <summary>The names of the roots that a script rule sees.</summary>
    public static readonly string[] Roots = ContextPath.RunRoots;

    /// <summary>Compiles a list of rules; problems are reported, and rules that have one are left out.</summary>
    /// <param name="settings">The rules, bound.</param>
    /// <param name="json">The same as written: it tells what is absent from what is empty.</param>
    /// <param name="match">How they combine.</param>
    /// <param name="at">Where the list stands.</param>
    /// <param name="problems">Where problems go.</param>
    /// <param name="depth">How deeply the list is nested.</param>
    public static Rule Compile(
        IReadOnlyList<RuleSettings> settings,
        FlowValue json,
        string match,
        SourceLocation at,
        DiagnosticBag problems,
        int depth = 1
    )
    {
        var rules = new List<Rule>(settings.Count);
        var next = 0;
        json.TryGetArray(out var written);
        for (var i = 0; i < (written?.Count ?? 0) && next < settings.Count; i++)
        {
            // What is no object has been reported by the binder, and was not bound.
            if (written![i].TryGetObject(out var rule) && Compile(settings[next++], rule, at.At(i), problems, depth) is { } compiled)
                rules.Add(compiled);
        }
        // A group of one is that one: most branches have a single rule, and each object less is one the processor need not fetch.
        return rules.Count == 1 ? rules[0] : new GroupRule([.. rules], match == "all");
    }

    /// <summary>Compiles one rule; null, with the problems reported, when it has some.</summary>
    public static Rule? Compile(RuleSettings rule, FlowObject json, SourceLocation at, DiagnosticBag problems, int depth)
    {
        var isGroup = !json.Get("rules").IsNothing;
        var isScript = !json.Get("script").IsNothing;
        var isComparison = !json.Get("key").IsNothing || !json.Get("operator").IsNothing || !json.Get("value").IsNothing;
        if ((isGroup ? 1 : 0) + (isScript ? 1 : 0) + (isComparison ? 1 : 0) != 1)
        {
            var message = isGroup || isScript || isComparison ? "The rule is of more than one kind." : "The rule says nothing.";
            problems.Error(
                FlowErrors.Required,
                at,
                message,
                "Write \"key\", \"operator\" and \"value\", or \"match\" and \"rules\", or \"script\"."
            );
            return null;
        }

        if (isGroup)
            return CompileGroup(rule, json, at, problems, depth);
        return isScript ? CompileScript(rule.Script, at.At("script"), problems) : CompileComparison(rule, json, at, problems);
    }

    private static Rule? CompileGroup(RuleSettings rule, FlowObject json, SourceLocation at, DiagnosticBag problems, int depth)
    {
        if (depth >= MaxDepth)
        {
            problems.Error(FlowErrors.Range, at, $"Groups of rules nest more than {MaxDepth} deep.", "Flatten them, or use a script.");
            return null;
        }
        if (json.Get("rules") is var rules && rules.TryGetArray(out var array) && array.Count == 0)
            problems.Error(FlowErrors.Required, at.At("rules"), "The group has no rules.", "Add a rule or remove the group.");
        return Compile(rule.Rules, rules, rule.Match, at.At("rules"), problems, depth + 1);
    }

    private static ScriptRule? CompileScript(string script, SourceLocation at, DiagnosticBag problems)
    {
        if (string.IsNullOrWhiteSpace(script))
        {
            problems.Error(FlowErrors.Required, at, "The script is empty.", "Write a JavaScript expression.");
            return null;
        }
        string[] roots = [.. Roots, .. problems.LocalRoots];
        var program = ScriptCompiler.CompileExpression(script, roots, at, problems, out var used);
        if (program is not null && problems.OnRead is { } read)
        {
            foreach (var path in ScriptCompiler.PathsIn(script, Roots).Where(path => !path.IsShadowed))
                read(path.ReadAt(at) with { Text = script });
        }
        return program is null ? null : new ScriptRule(program, [.. used.Select(name => Enum.Parse<ContextRoot>(name, ignoreCase: true))]);
    }

    private static Rule? CompileComparison(RuleSettings rule, FlowObject json, SourceLocation at, DiagnosticBag problems)
    {
        var key = CompileKey(
            rule.Key,
            rule.Operator.Length > 0 && Operators.AsksForPresence(rule.Operator) ? PathUse.Question : PathUse.Value,
            at,
            problems
        );
        if (rule.Operator.Length == 0)
        {
            if (json.Get("operator").IsNothing || json.Get("operator").Kind == FlowValueKind.String)
                problems.Error(
                    FlowErrors.Required,
                    at.At("operator"),
                    "The rule has no operator.",
                    $"Use one of: {string.Join(", ", Operators.Names)}."
                );
            return null;
        }

        if (rule.Operator == Operators.Matches)
            return CompileMatches(key, rule.Value, json, at, problems);
        if (Operators.Find(rule.Operator) is not { } @operator)
        {
            problems.Error(
                FlowErrors.Operator,
                at.At("operator"),
                $"There is no operator '{rule.Operator}'.",
                Suggestion.For(rule.Operator, Operators.Names)
            );
            return null;
        }
        if (key is null)
            return null;
        return !rule.Value.IsNone && rule.Value.Literal.IsMissing
            ? new TemplateRule(key, @operator, rule.Value)
            : new LiteralRule(key, @operator, rule.Value.Literal);
    }

    private static Rule? CompileMatches(ContextPath? key, JsonTemplate value, FlowObject json, SourceLocation at, DiagnosticBag problems)
    {
        var written = json.Get("value");
        if (!value.IsNone && value.Literal.IsMissing)
            return key is null ? null : new TemplateMatchesRule(key, value);
        if (Operators.TextOf(value.Literal) is not { Length: > 0 } pattern)
        {
            problems.Error(FlowErrors.Regex, at.At("value"), "There is no regular expression.", "Write one as a text.");
            return null;
        }
        var regex = RegexPattern.Parse(pattern, written.ToText(), at.At("value"), problems);
        return regex is null || key is null ? null : new MatchesRule(key, regex);
    }

    private static ContextPath? CompileKey(string key, PathUse use, SourceLocation at, DiagnosticBag problems)
    {
        if (key.Length == 0)
        {
            problems.Error(FlowErrors.Required, at.At("key"), "The rule has no key.", "Write the path of the value, such as form.email.");
            return null;
        }
        if (ContextPath.TryParse(key, problems.LocalRoots, out var path, out var problem))
        {
            (path!.IsLocal ? problems.OnLocalRead : problems.OnRead)?.Invoke(path.ReadAt(at.At("key"), use) with { Text = key });
            return path;
        }
        var advice = key.Contains("{{", StringComparison.Ordinal)
            ? "Write the path alone, without {{ and }}."
            : "Write a path such as connectors.profile.statusCode.";
        problems.Error(
            problem!.IsUnknownRoot ? FlowErrors.TemplateRoot : FlowErrors.Template,
            at.At("key"),
            problem.Message,
            problem.IsUnknownRoot ? null : advice
        );
        return null;
    }
}
