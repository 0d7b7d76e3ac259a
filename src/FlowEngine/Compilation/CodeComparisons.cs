using FlowEngine.Conditions;
using FlowEngine.Context;
using FlowEngine.Errors;
using FlowEngine.Model;
using FlowEngine.Screens;
using FlowEngine.Screens.Components;
using FlowEngine.Scripting;
using FlowEngine.Templates;

namespace FlowEngine.Compilation;

/// <summary>
/// Finds what the inputs for one-time codes are compared with, by a rule or by a script: whoever reads it in a trace has the code. A
/// script may do anything with what
/// it is given, so all that it is given beside a code counts. Stateless.
/// </summary>
internal static class CodeComparisons
{
    /// <summary>The places that hold a code, as root and key, such as <c>scripts</c> and <c>otp</c>.</summary>
    public static IReadOnlySet<(string Root, string Key)> In(FlowDefinition flow, ComponentCatalog types)
    {
        var found = new HashSet<(string Root, string Key)>();
        var codes = CodeInputs(flow, types);
        if (codes.Count == 0)
            return found;
        foreach (var activity in flow.Activities)
            Activity(activity.Json, codes, found);
        return found;
    }

    private static HashSet<string> CodeInputs(FlowDefinition flow, ComponentCatalog types)
    {
        var codes = new HashSet<string>(StringComparer.Ordinal);
        foreach (var screen in flow.Screens)
            Components(screen.Json.Get("components"), types, codes);
        return codes;
    }

    private static void Components(FlowValue components, ComponentCatalog types, HashSet<string> codes, int depth = 0)
    {
        if (depth > Container.MaxDepth)
            return;
        foreach (var component in Items(components))
        {
            var type = types.Find(component.Get("type").ToText())?.Prototype;
            if (type is InputComponent { IsCode: true } && component.Get("name").TryGetText(out var name))
                codes.Add(name);
            if (type is { HoldsComponents: true })
                Components(component.Get("components"), types, codes, depth + 1);
        }
    }

    private static void Activity(FlowObject activity, HashSet<string> codes, HashSet<(string, string)> found)
    {
        Together(Reads(activity.Get("arguments")), codes, found);
        foreach (var branch in Items(activity.Get("branches")))
            Rules(branch.Get("rules"), codes, found);
        foreach (var inline in Items(activity.Get("activities")))
        {
            if (inline.TryGetObject(out var own))
                Activity(own, codes, found);
        }
        if (activity.Get("activity").TryGetObject(out var each))
            Activity(each, codes, found);
    }

    private static void Rules(FlowValue rules, HashSet<string> codes, HashSet<(string, string)> found, int depth = 1)
    {
        if (depth > RuleCompiler.MaxDepth)
            return;
        foreach (var rule in Items(rules))
        {
            if (rule.Get("script").TryGetText(out var script))
                Together([.. ScriptCompiler.PathsIn(script, RuleCompiler.Roots).Select(read => (read.Root, read.Key))], codes, found);
            else if (
                rule.Get("key").TryGetText(out var key)
                && ContextPath.TryParse(key, out var path, out _)
                && path!.FirstSegment is { } first
            )
                Together([(path.RootName, first), .. Reads(rule.Get("value"))], codes, found);
            Rules(rule.Get("rules"), codes, found, depth + 1);
        }
    }

    /// <summary>Takes what stands together with a code.</summary>
    private static void Together(IReadOnlyList<(string Root, string Key)> reads, HashSet<string> codes, HashSet<(string, string)> found)
    {
        if (!reads.Any(IsCode))
            return;
        foreach (var read in reads)
        {
            if (!IsCode(read))
                found.Add(read);
        }

        bool IsCode((string Root, string Key) read) => read.Root == "form" && codes.Contains(read.Key);
    }

    private static List<(string Root, string Key)> Reads(FlowValue value)
    {
        var reads = new List<(string, string)>();
        var problems = new DiagnosticBag();
        problems.OnRead = read =>
        {
            if (read.Key is { } key)
                reads.Add((read.Root, key));
        };
        if (value.Kind is FlowValueKind.String or FlowValueKind.Array or FlowValueKind.Object)
            JsonTemplate.Parse(value, SourceLocation.Root(null), problems);
        return reads;
    }

    private static FlowArray Items(FlowValue value) => value.TryGetArray(out var items) ? items : FlowArray.Empty;
}
