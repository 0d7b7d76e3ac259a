using FlowEngine.Context;
using FlowEngine.Errors;
using FlowEngine.Execution;
using FlowEngine.Settings;
using FlowEngine.Templates;

namespace FlowEngine.Activities;

/// <summary>Bound once, then read only: the settings of ForEach (SPEC 6.1).</summary>
public sealed class ForEachSettings
{
    /// <summary>How many items there may be when the flow does not say.</summary>
    public const int DefaultAtMost = 100;

    /// <summary>How many items there may ever be.</summary>
    public const int MaxItems = 10_000;

    /// <summary>How many items may be under way at once.</summary>
    public const int MaxConcurrency = 16;

    /// <summary>The list.</summary>
    [Setting("The list whose items are gone through: one path, such as {{connectors.db.rows}}.", Required = true)]
    public Template Items { get; set; } = Template.Empty;

    /// <summary>The activity.</summary>
    [Setting(
        "The activity that is done for each item, written as in a flow: GenericHttp, Database, Scriptlet or Subflow. "
            + "It sees {{item}} and {{index}}.",
        Required = true,
        Editor = SettingEditors.Activity,
        Initial = "{}"
    )]
    public FlowValue Activity { get; set; }

    /// <summary>How many items are under way at once. Default 1.</summary>
    [Setting("How many items are under way at once.", Minimum = 1, Maximum = MaxConcurrency)]
    public int Concurrency { get; set; } = 1;

    /// <summary>What follows the first failure. Default <c>stop</c>.</summary>
    [Setting(
        "What follows the first failure: the rest is cancelled (stop), or gone through all the same (collect).",
        Choices = ["stop", "collect"]
    )]
    public string OnError { get; set; } = "stop";

    /// <summary>How many items there may be. Default 100.</summary>
    [Setting("How many items there may be; more are an error, and none is done.", Minimum = 1, Maximum = MaxItems, Unit = "items")]
    public int AtMost { get; set; } = DefaultAtMost;

    /// <summary>Where the result is put.</summary>
    [Setting(
        "Where the result is put, under the root that the inner activity writes: connectors.<contextKey> or scripts.<contextKey>. "
            + "Default the activity's id.",
        Editor = SettingEditors.ContextKey
    )]
    public string ContextKey { get; set; } = "";
}

/// <summary>
/// Shared and immutable: does one activity for each item of a list. Each item sees the context as it was before; what the activity writes
/// there is in the result, and nowhere else: <c>results</c>, in the order of the items, <c>failed</c> and <c>count</c>.
/// </summary>
[Activity(
    "ForEach",
    "Does one activity for each item of a list.",
    Category = "Flow",
    Outcomes = ["Success"],
    ErrorEvents = ["Items Failed"],
    MayShare = true,
    Icon = "list-checks",
    Tone = ActivityTone.Logic,
    Stem = "each",
    Summary = "{activity.id} for {items}|{items}"
)]
[Writes("connectors.{contextKey}.results", "What each item gave: { ok, value } or { ok, error }")]
[Writes("connectors.{contextKey}.failed", "How many items failed", Tells = Telling.Answer)]
[Writes("connectors.{contextKey}.count", "How many items there were")]
[Writes("connectors.{contextKey}", "What the items gave")]
[Writes("scripts.{contextKey}.results", "What each item gave: { ok, value } or { ok, error }")]
[Writes("scripts.{contextKey}.failed", "How many items failed")]
[Writes("scripts.{contextKey}.count", "How many items there were")]
[Writes("scripts.{contextKey}", "What the items gave")]
public sealed class ForEach : FlowActivity
{
    private static readonly FlowShape ResultShape = FlowShape.Of("results", "failed", "count");
    private static readonly ValueShape Shape = ValueShape.Object(
        ("results", ValueShape.List(ValueShape.Object(("ok", ValueShape.Scalar), ("value", ValueShape.Any), ("error", ErrorShape)))),
        ("failed", ValueShape.Scalar),
        ("count", ValueShape.Scalar)
    );

    private readonly Template _items;
    private readonly PlanNode? _inner;
    private readonly int _concurrency;
    private readonly int _atMost;
    private readonly bool _stops;
    private readonly string _contextKey;
    private readonly bool _isSensitive;
    private readonly (ContextRoot Root, string Key) _found;
    private readonly ContextWrites _writes;

    internal ForEach(ForEachSettings settings, ActivityCompilation compilation)
    {
        (_items, _concurrency, _atMost) = (settings.Items, settings.Concurrency, settings.AtMost);
        _stops = settings.OnError == "stop";
        compilation.CheckContextKey(settings.ContextKey);
        _contextKey = settings.ContextKey.Length > 0 ? settings.ContextKey : compilation.Definition.Id;
        if (_items.Source.Length > 0 && !_items.IsSingleExpression)
            compilation.Error(FlowErrors.Type, "items", "'items' is not one path.", "Write one path, such as {{connectors.db.rows}}.");

        _inner = Compile(settings.Activity, _items, compilation, out _found);
        _writes = ContextWrites.Of(_found.Root, _contextKey, Shape);
        _isSensitive = compilation.HoldsCode(_found.Root == ContextRoot.Connectors ? "connectors" : "scripts", _contextKey);
    }

    private static ValueShape ErrorShape =>
        ValueShape.Object(
            ("activity", ValueShape.Scalar),
            ("event", ValueShape.Scalar),
            ("code", ValueShape.Scalar),
            ("message", ValueShape.Scalar)
        );

    /// <summary>As long as all items that there may be, so many at once as are under way.</summary>
    public override LongestWait LongestWait =>
        _inner is null ? default : new(_inner.LongestWait, (_atMost + _concurrency - 1) / _concurrency);

    internal override IReadOnlyList<PlanNode> Inner => _inner is null ? [] : [_inner];

    /// <inheritdoc/>
    public override ContextWrites WritesByOutcome(int outcome) => _writes;

    /// <summary>The result says which items failed; it has none where they could not be gone through.</summary>
    public override ContextWrites WritesByError(int errorEvent) => _writes;

    /// <summary>That the items cannot be gone through, or in which way the inner activity fails.</summary>
    public override FailureWays WaysByError(int errorEvent) =>
        new([
            FlowErrors.ItemsMissing.Code,
            FlowErrors.ItemsType.Code,
            FlowErrors.ItemsTooMany.Code,
            .. _inner?.ErrorRoutes.SelectMany((_, i) => _inner.Activity.WaysByError(i).Codes) ?? [],
        ]);

    /// <inheritdoc/>
    public override async ValueTask<Outcome> ExecuteAsync(RunContext context, CancellationToken cancellationToken)
    {
        var given = _items.Evaluate(context);
        if (ProblemOf(given, out var count) is { } problem)
        {
            Write(context, FlowValue.From(FlowArray.Empty), 0, count);
            return Outcome.Error(0, problem);
        }

        // Scripted replies are a list in the order of the items.
        var atOnce = context.Replies is null ? _concurrency : 1;
        var items = new ItemsRun(_inner!, _found, given, count, _stops, context);
        await items.RunAsync(atOnce, cancellationToken).ConfigureAwait(false);

        Write(context, items.Results(), items.Failed, count);
        return items.Problem is { } failure ? Outcome.Error(0, failure) : Outcome.Success;
    }

    private void Write(RunContext context, FlowValue results, int failed, int count)
    {
        var result = FlowValue.From(ResultShape.With(results, FlowValue.From(failed), FlowValue.From(count))).WithSensitive(_isSensitive);
        if (_found.Root == ContextRoot.Connectors)
            context.SetConnector(_contextKey, result);
        else
            context.SetScript(_contextKey, result);
    }

    private FlowError? ProblemOf(FlowValue given, out int count)
    {
        count = 0;
        if (given.IsNothing)
            return FlowError.Of(FlowErrors.ItemsMissing, $"The items, {_items.Source}, are null or missing.");
        if (!given.TryGetArray(out var array))
            return FlowError.Of(
                FlowErrors.ItemsType,
                $"The items, {_items.Source}, are of the type {given.Kind.ToString().ToLowerInvariant()}, not an array."
            );
        count = array.Count;
        return count <= _atMost
            ? null
            : FlowError.Of(FlowErrors.ItemsTooMany, $"There are {count} items, and {_atMost} are allowed: none was done.");
    }

    /// <summary>Compiles the inner activity, and finds where it puts what it found.</summary>
    private static PlanNode? Compile(
        FlowValue activity,
        Template items,
        ActivityCompilation compilation,
        out (ContextRoot Root, string Key) found
    )
    {
        found = (ContextRoot.Scripts, "");
        if (activity.IsMissing)
            return null;
        if (!activity.TryGetObject(out var json))
        {
            compilation.Error(FlowErrors.Type, "activity", "'activity' is not an object.", "Write an activity here.");
            return null;
        }
        var list = items.IsSingleExpression && items.Parts[0].Expression is { } expression and not PipedExpression ? expression.Path : null;
        if (compilation.InlineForEach(json, compilation.At("activity"), ContextRoot.Item, ContextRoot.Index, list) is not { } node)
            return null;
        found = node.ResultsOf(json).FirstOrDefault((ContextRoot.Scripts, node.Id));
        return node;
    }
}
