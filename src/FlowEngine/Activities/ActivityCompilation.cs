using FlowEngine.Connectors;
using FlowEngine.Context;
using FlowEngine.Errors;
using FlowEngine.Execution;
using FlowEngine.Model;
using FlowEngine.Screens;
using FlowEngine.Settings;
using FlowEngine.Templates;

namespace FlowEngine.Activities;

/// <summary>Per activity and single-threaded: what an activity may ask and report while it is compiled.</summary>
public sealed class ActivityCompilation
{
    private readonly FlowParts _flow;

    /// <summary>A compilation outside any flow, for trying out one request: it cannot ask for connectors, screens or flows.</summary>
    /// <param name="definition">The activity.</param>
    /// <param name="problems">Where problems go.</param>
    public static ActivityCompilation Standalone(ActivityDefinition definition, DiagnosticBag problems) => new(null!, definition, problems);

    internal ActivityCompilation(FlowParts flow, ActivityDefinition definition, DiagnosticBag problems)
    {
        _flow = flow;
        Definition = definition;
        Problems = problems;
    }

    /// <summary>The activity as its file says it.</summary>
    public ActivityDefinition Definition { get; }

    /// <summary>Where problems go.</summary>
    public DiagnosticBag Problems { get; }

    internal bool IsInParallel { get; init; }

    /// <summary>The place of a setting, for a report.</summary>
    public SourceLocation At(string setting) => Definition.Location.At(setting);

    /// <summary>Reports an error at a setting.</summary>
    public void Error(ErrorCode code, string setting, string message, string? advice = null) =>
        Problems.Error(code, At(setting), message, advice);

    /// <summary>The connector that a setting names; null, with the problem reported, when there is none of that type.</summary>
    public TConnector? Connector<TConnector>(string id, string setting = "connector")
        where TConnector : Connector
    {
        if (id.Length == 0)
            return null;

        var connector = _flow.FindConnector(id, out var problems);
        _flow.ReportOnce(problems);
        if (connector is TConnector found)
        {
            _flow.CheckReads(found, At(setting));
            if (found.IsDisabled)
                Problems.Warning(FlowErrors.ConnectorDisabled, At(setting), $"The connector '{id}' is switched off: its calls fail.");
            return found;
        }

        if (connector is not null)
            Error(
                FlowErrors.UnknownConnector,
                setting,
                $"The connector '{id}' has the type {connector.Definition.Type}, which {Definition.Type} cannot use.",
                "Name a connector of the right type."
            );
        else if (problems.Count > 0)
            Error(FlowErrors.UnknownConnector, setting, $"The connector '{id}' has errors.", "Correct its file; see its own messages.");
        else
            Error(
                FlowErrors.UnknownConnector,
                setting,
                $"There is no connector '{id}'.",
                Suggestion.For(id, _flow.ConnectorIds) ?? FlowErrors.UnknownConnector.Advice
            );
        return null;
    }

    /// <summary>Checks what a template of a setting with <see cref="SettingAttribute.LocalRoots"/> reads of such a root: what is certainly
    /// not there is <c>path.unknown</c>.</summary>
    /// <param name="template">The template.</param>
    /// <param name="root">The root.</param>
    /// <param name="shape">What is known of its value.</param>
    /// <param name="at">Where the template stands.</param>
    public void CheckLocal(Template template, ContextRoot root, ValueShape shape, SourceLocation at)
    {
        foreach (ref readonly var part in template.Parts)
        {
            if (part.Expression is { } expression && expression.Path.Root == root)
                _flow?.CheckLocal(expression.Path.ReadAt(at, expression.HasFallback ? PathUse.WithFallback : PathUse.Value), shape);
        }
    }

    /// <summary>Whether a connection leaves the activity by that outcome: for one that it has only then.</summary>
    public bool IsConnected(string outcome) => !IsInParallel && _flow is not null && _flow.IsConnected(Definition.Id, outcome);

    /// <summary>Checks what a rule reads of a local root.</summary>
    internal void CheckLocal(PathRead read, ValueShape shape) => _flow?.CheckLocal(read, shape);

    /// <summary>Checks that a context key can stand in a path.</summary>
    public void CheckContextKey(string contextKey)
    {
        if (contextKey.Length > 0 && !Identifier.IsContextKey(contextKey))
            Error(FlowErrors.Id, "contextKey", $"'{contextKey}' cannot be a context key.", "Use letters, digits, '_' and '-'.");
    }

    /// <summary>Whether what an activity writes is a secret because a CodeInput is compared with it.</summary>
    /// <param name="root">The root: <c>connectors</c> or <c>scripts</c>.</param>
    /// <param name="contextKey">The context key.</param>
    public bool HoldsCode(string root, string contextKey) => _flow is not null && _flow.HoldsCode(root, contextKey);

    internal CompiledScreen? Screen(string id)
    {
        var screen = _flow.FindScreen(id);
        if (screen is null && id.Length > 0)
            Error(
                FlowErrors.UnknownScreen,
                "screen",
                $"There is no screen '{id}'.",
                Suggestion.For(id, _flow.ScreenIds) ?? FlowErrors.UnknownScreen.Advice
            );
        return screen;
    }

    internal FlowPlan? Subflow(string id) => id.Length == 0 ? null : _flow.CompileSubflow(id, this);

    /// <summary>Compiles an activity that stands inside this one, as Parallel's do.</summary>
    /// <param name="json">The activity.</param>
    /// <param name="at">Where it stands.</param>
    internal PlanNode? Inline(FlowObject json, SourceLocation at) => _flow.CompileInline(json, at, repeats: false);

    /// <summary>Compiles an activity that is done for each item of a list.</summary>
    /// <param name="json">The activity.</param>
    /// <param name="at">Where it stands.</param>
    /// <param name="item">The root of the item.</param>
    /// <param name="index">The root of its place.</param>
    /// <param name="list">The list; null where that is no path.</param>
    internal PlanNode? InlineForEach(FlowObject json, SourceLocation at, ContextRoot item, ContextRoot index, ContextPath? list)
    {
        var (roots, onRead, onLocalRead) = (Problems.LocalRoots, Problems.OnRead, Problems.OnLocalRead);
        var itemRoot = item.ToString().ToLowerInvariant();
        Problems.LocalRoots = [.. roots, itemRoot, index.ToString().ToLowerInvariant()];
        (Problems.OnRead, Problems.OnLocalRead) = (read => Take(read, onRead), read => Take(read, onLocalRead));
        try
        {
            return _flow.CompileInline(json, at, repeats: true);
        }
        finally
        {
            (Problems.LocalRoots, Problems.OnRead, Problems.OnLocalRead) = (roots, onRead, onLocalRead);
        }

        void Take(PathRead read, Action<PathRead>? others)
        {
            others?.Invoke(read);
            if (read.Root == itemRoot && list is not null && read.Key is not null)
                _flow.TakeItemRead(read, list.ReadAt(read.At, PathUse.Question));
        }
    }
}
