using FlowEngine.Context;
using FlowEngine.Errors;
using FlowEngine.Execution;
using FlowEngine.Settings;
using FlowEngine.Templates;

namespace FlowEngine.Testing;

/// <summary>Shared and immutable: what a golden case expects of its run. Only the fields that it names are compared.</summary>
internal sealed class GoldenExpectation
{
    private static readonly string[] Fields = ["status", "path", "screen", "errorText", "outputs", "claims", "user", "error", "context"];

    private readonly FlowObject _json;
    private readonly List<(ContextPath Path, FlowValue Expected)> _context = [];

    private GoldenExpectation(FlowObject json) => _json = json;

    /// <summary>Expects nothing.</summary>
    public static GoldenExpectation None { get; } = new(FlowObject.Empty);

    public static GoldenExpectation Read(FlowValue json, SourceLocation at, DiagnosticBag problems)
    {
        if (!json.TryGetObject(out var obj) || obj.Count == 0)
        {
            problems.Error(
                FlowErrors.Required,
                at,
                "'expect' is missing, empty or not an object.",
                $"Say what the run must do: {string.Join(", ", Fields)}."
            );
            return None;
        }

        foreach (var name in obj.Shape.Names)
        {
            if (Array.IndexOf(Fields, name) < 0)
                problems.Error(FlowErrors.UnknownSetting, at.At(name), $"'{name}' cannot be expected.", Suggestion.For(name, Fields));
        }

        if (obj.Get("status") is { IsMissing: false } status && RunStatusExtensions.FromName(status.ToText()) is null)
            problems.Error(
                FlowErrors.Value,
                at.At("status"),
                $"{status} is not a status of a run.",
                $"Use one of: {string.Join(", ", RunStatusExtensions.Names)}."
            );

        var expectation = new GoldenExpectation(obj);
        if (obj.Get("context").TryGetObject(out var byPath))
        {
            foreach (var (text, expected) in byPath)
            {
                if (ContextPath.TryParse(text, out var path, out var problem))
                    expectation._context.Add((path!, expected));
                else
                    problems.Error(FlowErrors.Template, at.At("context").At(text), problem!.Message);
            }
        }
        else if (!obj.Get("context").IsMissing)
        {
            problems.Error(FlowErrors.Type, at.At("context"), "'context' is not an object.", "Write { \"<path>\": <value> }.");
        }
        return expectation;
    }

    /// <summary>The fields in which the run differs from the expectation.</summary>
    public IEnumerable<GoldenDifference> Compare(FlowRun run)
    {
        foreach (var (field, expected) in _json)
        {
            switch (field)
            {
                case "context":
                    foreach (var (path, value) in _context)
                    {
                        if (Differs($"context.{path.Text}", value, path.Evaluate(run.Context)) is { } unlike)
                            yield return unlike;
                    }
                    break;

                case "error" when expected.TryGetObject(out var members):
                    foreach (var (name, value) in members)
                    {
                        if (Differs($"error.{name}", value, run.Context.Error.Get(name)) is { } unlike)
                            yield return unlike;
                    }
                    break;

                default:
                    if (Differs(field, expected, Actual(field, run)) is { } difference)
                        yield return difference;
                    break;
            }
        }
    }

    private static FlowValue Actual(string field, FlowRun run) =>
        field switch
        {
            "status" => FlowValue.From(run.Status.ToName()),
            "path" => FlowValue.Texts(run.Path),
            "screen" => run.Screen is { } screen ? FlowValue.From(screen.Id) : FlowValue.Missing,
            "errorText" => FlowValue.From(run.ErrorText),
            "outputs" => run.Outputs,
            "claims" => run.Context.Claims,
            "user" => run.Context.User,
            _ => run.Context.Error.Get("code"),
        };

    /// <summary>An expected null also stands for a value that is missing.</summary>
    private static GoldenDifference? Differs(string field, FlowValue expected, FlowValue actual) =>
        expected == actual || expected.IsNothing && actual.IsNothing ? null : new GoldenDifference(field, expected, actual);
}
