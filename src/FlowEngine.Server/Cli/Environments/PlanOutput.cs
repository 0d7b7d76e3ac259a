using FlowEngine.Context;
using FlowEngine.Json;

namespace FlowEngine.Server.Cli.Environments;

/// <summary>Stateless: writes a plan as the server answered it, for people.</summary>
internal static class PlanOutput
{
    private const int MostChanges = 20;

    /// <summary>Whether a plan changes something, or the server holds what the folder does not.</summary>
    public static bool Differs(FlowValue plan) => Items(plan, "items").Count > 0;

    /// <summary>Whether applying a plan would change something.</summary>
    public static bool Changes(FlowValue plan) => Items(plan, "items").Any(item => item.Get("change").ToText() != "kept");

    /// <summary>Whether a plan has errors.</summary>
    public static bool IsRefused(FlowValue plan) => Items(plan, "diagnostics").Any(problem => problem.Get("severity").ToText() == "error");

    /// <summary>Writes what changes, a line for each flow and connector, and below it what differs in it.</summary>
    public static void Write(FlowValue plan)
    {
        foreach (var item in Items(plan, "items"))
        {
            var change = item.Get("change").ToText();
            var (sign, told) = change switch
            {
                "added" => ('+', ""),
                "removed" => ('-', ""),
                "kept" => (' ', ", only on the server"),
                _ => ('~', ""),
            };
            var version = item.Get("version") is { IsMissing: false } number ? $" (version {number.ToText()})" : "";
            Console.Out.WriteLine($"{sign} {item.Get("kind").ToText()} {item.Get("id").ToText()}{version}{told}");
            string[] changes = [.. Items(item, "changes").Select(OfFlow), .. Items(item, "settings").Select(OfConnector)];
            foreach (var line in changes.Take(MostChanges))
                Console.Out.WriteLine($"    {line}");
            if (changes.Length > MostChanges || item.Get("truncated").ToText() == "true")
                Console.Out.WriteLine("    …");
        }
        WriteProblems(plan.Get("diagnostics"));
        var items = Items(plan, "items").ToList();
        Console.Out.WriteLine(
            $"{Count("added")} to add, {Count("changed")} to change, {Count("removed")} to remove; "
                + $"{plan.Get("unchanged").ToText()} as they are, {Count("kept")} only on the server."
        );

        int Count(string change) => items.Count(item => item.Get("change").ToText() == change);
    }

    /// <summary>Writes the problems of files to standard error.</summary>
    public static void WriteProblems(FlowValue diagnostics)
    {
        diagnostics.TryGetArray(out var problems);
        foreach (var problem in problems ?? FlowArray.From([]))
        {
            Console.Error.WriteLine(
                $"{problem.Get("severity").ToText()} {problem.Get("code").ToText()} {problem.Get("file").ToText()}#{problem.Get("pointer").ToText()}"
            );
            Console.Error.WriteLine($"    {problem.Get("message").ToText()}");
            Console.Error.WriteLine($"    {problem.Get("advice").ToText()}");
        }
    }

    private static string OfFlow(FlowValue change)
    {
        var what = change.Get("setting") is { IsMissing: false } setting
            ? $"{(change.Get("of") is { IsMissing: false } of ? $"{of.ToText()} " : "")}{change.Get("id").ToText()}: {setting.ToText()}"
            : $"{change.Get("kind").ToText()} {change.Get("id").ToText()}";
        return $"{Sign(change.Get("change").ToText())} {what}{Values(change)}";
    }

    private static string OfConnector(FlowValue change) => $"~ {change.Get("setting").ToText()}{Values(change)}";

    private static char Sign(string change) =>
        change switch
        {
            "added" => '+',
            "removed" => '-',
            _ => '~',
        };

    private static string Values(FlowValue change)
    {
        var (before, after) = (change.Get("before"), change.Get("after"));
        return before.IsMissing && after.IsMissing ? "" : $" = {Short(before)} -> {Short(after)}";
    }

    private static string Short(FlowValue value)
    {
        const int Longest = 60;
        var text = value.IsMissing ? "(nothing)" : value.ToJson();
        return text.Length <= Longest ? text : $"{text[..Longest]}…";
    }

    private static FlowArray Items(FlowValue of, string name) => of.Get(name).TryGetArray(out var items) ? items : FlowArray.From([]);
}
