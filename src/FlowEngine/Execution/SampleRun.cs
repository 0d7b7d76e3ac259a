using System.Collections.Frozen;
using FlowEngine.Context;
using FlowEngine.Errors;
using FlowEngine.Model;
using FlowEngine.Settings;
using FlowEngine.Templates;
using FlowEngine.Tracing;

namespace FlowEngine.Execution;

/// <summary>Makes a context from sample values, for trying out a connector without a flow. Stateless.</summary>
public static class SampleRun
{
    /// <summary>Makes the context.</summary>
    /// <param name="sample">Values by root, such as <c>{ "form": { "email": … } }</c>; missing for an empty context.</param>
    /// <param name="time">The clock.</param>
    /// <param name="problems">Where problems go.</param>
    /// <param name="place">Where the sample stands; null for a document of its own, <c>context</c>.</param>
    /// <returns>The context, or null when the sample is not an object of roots.</returns>
    public static RunContext? Make(FlowValue sample, TimeProvider time, DiagnosticBag problems, SourceLocation? place = null)
    {
        var at = place ?? SourceLocation.Root("context");
        if (!sample.IsNothing && sample.Kind != FlowValueKind.Object)
        {
            problems.Error(
                FlowErrors.Type,
                at,
                "The sample context is not an object.",
                "Write { \"form\": { … }, \"connectors\": { … } }."
            );
            return null;
        }

        var run = new FlowRun(RunId.New(), EmptyPlan, time.GetUtcNow(), RunServices.Default with { Time = time });
        var context = run.Context;
        context.Step = new TraceStep("sample", "Sample", time);
        sample.TryGetObject(out var roots);
        foreach (var (name, value) in roots ?? FlowObject.Empty)
        {
            switch (name)
            {
                case "form":
                    context.Frame.Form = value;
                    break;
                case "client":
                    context.Frame.Client = value;
                    break;
                case "connectors":
                    context.Frame.Connectors = value;
                    break;
                case "scripts":
                    context.Frame.Scripts = value;
                    break;
                case "user":
                    context.User = value;
                    break;
                case "claims":
                    context.Claims = value;
                    break;
                case "device":
                    context.Device = value;
                    break;
                case "error":
                    context.Error = value;
                    break;
                case "flow":
                    break;
                default:
                    problems.Warning(
                        FlowErrors.TemplateRoot,
                        at.At(name),
                        $"'{name}' is not a root of the context.",
                        Suggestion.For(name, Roots)
                    );
                    break;
            }
        }
        return context;
    }

    /// <summary>Warns of the paths that led nowhere while something was made with the context, as a run does in its trace.</summary>
    /// <param name="context">What <see cref="Make"/> gave, after it was used.</param>
    /// <param name="at">Where the paths stand.</param>
    /// <param name="problems">Where problems go.</param>
    public static void WarnOfMissing(RunContext context, SourceLocation at, DiagnosticBag problems)
    {
        foreach (var warning in (context.Step?.Warnings ?? []).Distinct())
        {
            if (Array.Find(Told, code => code.Code == warning.Code) is { } code)
                problems.Warning(code, at, warning.Message);
        }
    }

    /// <summary>The warnings that say what is wrong with a value.</summary>
    private static ErrorCode[] Told { get; } = [FlowErrors.TemplateMissing, FlowErrors.TemplateInput];

    private static string[] Roots => ContextPath.RunRoots;

    private static FlowPlan EmptyPlan { get; } =
        new(
            new FlowDefinition
            {
                Id = "sample",
                Name = "sample",
                Start = "",
                Activities = [],
                Connections = [],
                Screens = [],
                Json = FlowObject.Empty,
                Location = SourceLocation.Root(null),
            },
            0,
            [],
            0,
            [],
            new FlowOptions(),
            FrozenSet<string>.Empty
        );
}
