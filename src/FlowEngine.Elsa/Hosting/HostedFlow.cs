using System.Text.Json;
using System.Text.RegularExpressions;
using FlowEngine.Activities;
using FlowEngine.Compilation;
using FlowEngine.Context;
using FlowEngine.ElsaFormat;
using FlowEngine.Errors;
using FlowEngine.Execution;
using FlowEngine.Json;
using FlowEngine.Settings;
using FlowEngine.Templates;

namespace FlowEngine.ElsaActivities.Hosting;

/// <summary>
/// Shared and immutable: our activities of one workflow, compiled as a flow whose outcomes are open: the host decides what follows. What
/// the host evaluates arrives as a value of a template, so that it is a parameter of a query and is encoded in a URL.
/// </summary>
internal sealed partial class HostedFlow
{
    /// <summary>The input that holds the host's variables: templates read <c>client.variables.NAME</c>.</summary>
    public const string Variables = "variables";

    /// <summary>The custom property of what was exported from here.</summary>
    private const string Mark = "flowEngine";

    private const string ErrorHandling = "errorHandling";

    /// <summary>The input that holds the values of the host's expressions.</summary>
    private const string Expressions = "expressions";

    private readonly IReadOnlyDictionary<string, IReadOnlyList<HostedExpression>> _expressions;
    private readonly IReadOnlyDictionary<string, (ContextRoot Root, string? Key)> _results;

    private HostedFlow(
        IReadOnlyDictionary<string, IReadOnlyList<HostedExpression>> expressions,
        IReadOnlyDictionary<string, (ContextRoot Root, string? Key)> results
    )
    {
        _expressions = expressions;
        _results = results;
    }

    /// <summary>The flow.</summary>
    public required FlowPlan Plan { get; init; }

    /// <summary>The host's variables that its templates name; null when they may read any.</summary>
    public required IReadOnlyList<string>? VariableNames { get; init; }

    /// <summary>Whether it reads variables of the host.</summary>
    public bool ReadsVariables => VariableNames is not { Count: 0 };

    /// <summary>What the host evaluates before an activity is executed.</summary>
    public IReadOnlyList<HostedExpression> ExpressionsOf(string activityId) => _expressions.GetValueOrDefault(activityId) ?? [];

    /// <summary>Where what an activity writes begins; null for what writes nothing.</summary>
    public (ContextRoot Root, string? Key)? ResultOf(string activityId) => _results.TryGetValue(activityId, out var result) ? result : null;

    /// <summary>Compiles the activities of a workflow.</summary>
    /// <param name="workflow">The workflow.</param>
    /// <param name="environment">The activity types, connectors and other flows.</param>
    /// <param name="problems">Where problems go.</param>
    /// <returns>The flow; null when an error was reported.</returns>
    public static HostedFlow? Compile(HostedWorkflow workflow, CompilationEnvironment environment, DiagnosticBag problems)
    {
        var expressions = new Dictionary<string, IReadOnlyList<HostedExpression>>(StringComparer.Ordinal);
        var elsewhere = workflow.Connections.Where(connection => connection.Target is null).ToLookup(connection => connection.Source);
        var activities = workflow
            .Activities.Select(activity =>
                Write(Handling(activity, elsewhere[activity.Id], environment.Activities), environment.Activities, expressions, problems)
            )
            .ToList();
        var definition = FlowValue.Object(
            ("definitionId", FlowValue.From(workflow.Id)),
            ("name", FlowValue.From(workflow.Name)),
            ("customProperties", Options(workflow, problems)),
            (
                "root",
                FlowValue.Object(
                    ("id", FlowValue.From("flowchart")),
                    ("type", FlowValue.From("Elsa.Flowchart")),
                    ("activities", FlowValue.Array(activities)),
                    (
                        "connections", // Where one outcome leads to several, the host goes all the ways.
                        FlowValue.Array(
                            workflow
                                .Connections.Where(connection => connection.Target is not null)
                                .DistinctBy(connection => (connection.Source, connection.Port))
                                .Select(Write)
                        )
                    )
                )
            )
        );
        var flow = ElsaReader.Read(definition, null, problems);
        if (flow is null || problems.HasErrors)
            return null;
        var compiled = FlowCompiler.Compile(flow, environment with { OpenOutcomes = true });
        problems.AddRange(compiled.Diagnostics);
        if (compiled.Plan is null || problems.HasErrors)
            return null;
        return new HostedFlow(expressions, ResultsOf(workflow, environment.Activities))
        {
            Plan = compiled.Plan,
            VariableNames = VariablesIn(FlowValue.From(flow.Json).ToJson()),
        };
    }

    /// <summary>Where what the activities write begins: <c>connectors.KEY</c>, <c>form</c>.</summary>
    private static Dictionary<string, (ContextRoot Root, string? Key)> ResultsOf(HostedWorkflow workflow, ActivityCatalog catalog)
    {
        var results = new Dictionary<string, (ContextRoot, string?)>(StringComparer.Ordinal);
        foreach (var activity in workflow.Activities)
        {
            if (catalog.Find(activity.Type)?.Writes is not [var write, ..])
                continue;
            var segments = write.Path.Split('.');
            if (!Enum.TryParse<ContextRoot>(segments[0], ignoreCase: true, out var root))
                continue;
            var key = segments.Length > 1 && segments[1] is ['{', .. var setting, '}'] ? KeyOf(activity, setting) : null;
            results.Add(activity.Id, (root, key));
        }
        return results;
    }

    private static string KeyOf(HostedActivity activity, string setting) =>
        activity.Inputs.FirstOrDefault(input => input.Name == setting)?.Value.ToText() is { Length: > 0 } key ? key : activity.Id;

    /// <summary>An activity whose error events that lead to activities of the host are said to be handled: their connections are not the
    /// flow's.</summary>
    private static HostedActivity Handling(HostedActivity activity, IEnumerable<HostedConnection> elsewhere, ActivityCatalog catalog)
    {
        var events = elsewhere
            .Select(connection => connection.Port)
            .Where(port => catalog.Find(activity.Type)?.Description.ErrorEvents.Contains(port) == true)
            .ToList();
        if (events.Count == 0)
            return activity;
        activity.CustomProperties.Get(ErrorHandling).TryGetObject(out var given);
        var handling = new FlowObjectBuilder(given ?? FlowObject.Empty);
        foreach (var name in events)
        {
            if (handling.Get(name).IsMissing)
                handling.Set(name, FlowValue.From("custom"));
        }
        activity.CustomProperties.TryGetObject(out var custom);
        return activity with
        {
            CustomProperties = FlowValue.From((custom ?? FlowObject.Empty).With(ErrorHandling, FlowValue.From(handling.Build()))),
        };
    }

    private static FlowValue Write(HostedConnection connection) =>
        FlowValue.Object(
            ("source", FlowValue.Object(("activity", FlowValue.From(connection.Source)), ("port", FlowValue.From(connection.Port)))),
            ("target", FlowValue.Object(("activity", FlowValue.From(connection.Target!))))
        );

    /// <summary>An activity as a definition file holds it, with a template in place of what the host evaluates.</summary>
    private static FlowValue Write(
        HostedActivity activity,
        ActivityCatalog catalog,
        Dictionary<string, IReadOnlyList<HostedExpression>> expressions,
        DiagnosticBag problems
    )
    {
        var type = catalog.Find(activity.Type);
        var written = new FlowObjectBuilder(activity.Inputs.Count + 4);
        List<HostedExpression>? evaluated = null;
        foreach (var input in activity.Inputs)
        {
            var value = input.Value;
            if (!input.IsWritten)
            {
                if (type?.Settings.Find(input.Name) is { } setting && !TakesValues(setting))
                    problems.Error(
                        ElsaErrors.Expression,
                        SourceLocation.Root(null).At("activities").At(activity.Id).At(input.Name),
                        $"'{input.Name}' of '{activity.Id}' is a {input.Syntax} expression, but is fixed when the workflow is compiled.",
                        "Write it as a literal; a template in it reads Elsa's variables as {{client.variables.NAME}}."
                    );
                var expression = new HostedExpression(
                    input.Name,
                    $"e{expressions.Values.Sum(list => list.Count) + (evaluated?.Count ?? 0)}"
                );
                (evaluated ??= []).Add(expression);
                value = FlowValue.From($"{{{{client.{Expressions}.{expression.Key}}}}}");
            }
            else if (type?.Settings.Find(input.Name) is { } setting)
            {
                value = Typed(value, setting);
            }
            written.Set(
                input.Name,
                FlowValue.Object(("expression", FlowValue.Object(("type", FlowValue.From(SyntaxOf(input))), ("value", value))))
            );
        }
        if (evaluated is not null)
            expressions.Add(activity.Id, evaluated);
        written.Set("id", FlowValue.From(activity.Id));
        written.Set("type", FlowValue.From(ElsaType.NameOf(activity.Type)));
        written.Set("name", FlowValue.From(activity.Name));
        written.Set("customProperties", activity.CustomProperties);
        return FlowValue.From(written.Build());
    }

    private static string SyntaxOf(HostedInput input) => input.IsWritten ? input.Syntax : "Literal";

    /// <summary>Whether a value that is known only when the activity is executed can stand for the whole setting. SQL is prepared, and
    /// scripts are compiled, before that: a value in them is a parameter.</summary>
    private static bool TakesValues(SettingDescriptor setting) =>
        setting.Kind switch
        {
            SettingKind.Template or SettingKind.JsonTemplate => setting.Attribute.Editor
                is not (SettingEditors.Sql or SettingEditors.JavaScript),
            SettingKind.Json => setting.Attribute.Editor == SettingEditors.Json,
            _ => false,
        };

    /// <summary>Designers write what is no text as one: <c>"20"</c>, <c>"true"</c>, <c>"{ … }"</c>.</summary>
    private static FlowValue Typed(FlowValue value, SettingDescriptor setting)
    {
        var isNoText =
            setting.Kind
            is SettingKind.Boolean
                or SettingKind.Integer
                or SettingKind.Number
                or SettingKind.Object
                or SettingKind.List
                or SettingKind.Map
                or SettingKind.TemplateMap
                or SettingKind.JsonObject;
        if (!isNoText || !value.TryGetText(out var text))
            return value;
        try
        {
            return JsonReading.Parse(
                text.Length == 0 ? "null"
                : text.ToLowerInvariant() is "true" or "false" ? text.ToLowerInvariant()
                : text
            );
        }
        catch (JsonException)
        {
            return value;
        }
    }

    /// <summary>The options of the flow: what the definition's custom properties say, and the inputs by which the host gives what it
    /// knows.</summary>
    private static FlowValue Options(HostedWorkflow workflow, DiagnosticBag problems)
    {
        var options = new FlowObjectBuilder();
        workflow.CustomProperties.TryGetObject(out var given);
        foreach (var (name, value) in given ?? FlowObject.Empty)
        {
            // The start is the host's to choose; and what a flow has of its own is not an option of it.
            if (name is not ("start" or "inputs" or "id" or "name" or "description" or "activities" or "connections" or "designer"))
                options.Set(name, value);
        }
        // By this the format knows options: a workflow that was drawn in Elsa has no such mark.
        if (options.Get(Mark).IsMissing)
            options.Set(Mark, FlowValue.From(FlowObject.Empty));
        options.Set("start", FlowValue.From(workflow.Activities.Count > 0 ? workflow.Activities[0].Id : ""));

        var inputs = new FlowObjectBuilder();
        (given ?? FlowObject.Empty).Get("inputs").TryGetObject(out var declared);
        foreach (var (name, input) in declared ?? FlowObject.Empty)
        {
            if (name is Variables or Expressions)
                problems.Error(
                    FlowErrors.Input,
                    SourceLocation.Root(null).At("customProperties").At("inputs").At(name),
                    $"The flow has an input '{name}', by which Elsa's {name} are given.",
                    "Give the input another name."
                );
            else
                inputs.Set(name, input);
        }
        foreach (var name in new[] { Variables, Expressions })
            inputs.Set(name, FlowValue.Object(("type", FlowValue.From("object"))));
        options.Set("inputs", FlowValue.From(inputs.Build()));
        return FlowValue.From(options.Build());
    }

    /// <summary>The variables that are named anywhere in a flow; null when some may be read without being named.</summary>
    private static List<string>? VariablesIn(string flow)
    {
        var names = new SortedSet<string>(StringComparer.Ordinal);
        foreach (Match match in Named().Matches(flow))
        {
            if (!match.Groups[1].Success)
                return null;
            names.Add(match.Groups[1].Value);
        }
        return [.. names];
    }

    [GeneratedRegex(@"client\.variables(?:\.([\w$@:-]+))?")]
    private static partial Regex Named();

    /// <summary>The values of what the host evaluated before a step, as the flow's input.</summary>
    public static void Give(FlowRun run, IReadOnlyList<(HostedExpression Expression, FlowValue Value)> values) =>
        run.SetInput(Expressions, FlowValue.Object([.. values.Select(value => (value.Expression.Key, value.Value))]));
}

/// <summary>Shared and immutable: a setting that the host evaluates.</summary>
/// <param name="Setting">The setting.</param>
/// <param name="Key">By what its value is given.</param>
internal sealed record HostedExpression(string Setting, string Key);

/// <summary>How Elsa names the types of our activities.</summary>
internal static class ElsaType
{
    private const string Namespace = "FlowEngine";

    /// <summary>The namespace that Elsa shows them in.</summary>
    public static string Prefix => Namespace;

    /// <summary>What Elsa calls a type.</summary>
    public static string NameOf(string type) => $"{Namespace}.{type}";

    /// <summary>The type that Elsa calls so; null for one of Elsa's.</summary>
    public static string? Of(string name) =>
        name.StartsWith(Namespace + ".", StringComparison.Ordinal) ? name[(Namespace.Length + 1)..] : null;
}
