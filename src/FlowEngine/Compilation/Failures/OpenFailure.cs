using FlowEngine.Activities;
using FlowEngine.Context;
using FlowEngine.Errors;
using FlowEngine.Execution;
using FlowEngine.Templates;

namespace FlowEngine.Compilation.Failures;

/// <summary>Shared and immutable: a failure that leaves an activity by a way which does not say what has failed: an error event that is
/// ignored or custom, or an outcome that stands for any failure.</summary>
internal sealed record OpenFailure
{
    /// <summary>The id of the activity that fails, qualified by the subflows that it lies in.</summary>
    public required string Activity { get; init; }

    /// <summary>The name of the event or outcome.</summary>
    public required string Way { get; init; }

    /// <summary>What follows, for a message; "" where the way says it.</summary>
    public required string Handled { get; init; }

    /// <summary>Where it is written that this follows.</summary>
    public required SourceLocation At { get; init; }

    /// <summary>In which ways the activity fails so.</summary>
    public required FailureWays Ways { get; init; }

    /// <summary>Where the activity puts its result, in its frame.</summary>
    public required IReadOnlyList<FailedPlace> Places { get; init; }

    /// <summary>What members of the result tell.</summary>
    public required IReadOnlyDictionary<string, Telling> Tellings { get; init; }

    /// <summary>Whether what was answered is that of an earlier call, which did not fail.</summary>
    public bool IsStale { get; init; }

    /// <summary>The point of the activity.</summary>
    public int Point { get; init; }
}

/// <summary>Shared and immutable: where an activity that failed puts its result.</summary>
/// <param name="Root">The root.</param>
/// <param name="Key">The key below it.</param>
/// <param name="IsWritten">Whether it certainly writes there when it fails; otherwise what was there before may still be there.</param>
/// <param name="Failed">What is known of a result that says so; empty when none is written.</param>
/// <param name="Succeeded">What is known of the result of a success.</param>
internal sealed record FailedPlace(
    ContextRoot Root,
    string Key,
    bool IsWritten,
    IReadOnlyList<ValueShape> Failed,
    IReadOnlyList<ValueShape> Succeeded
)
{
    /// <summary>The places of an activity.</summary>
    /// <param name="failed">What it writes when it fails so.</param>
    /// <param name="succeeded">What it writes when it succeeds.</param>
    public static IReadOnlyList<FailedPlace> Of(ContextWrites failed, ContextWrites succeeded) =>
        [
            .. failed
                .Items.Concat(succeeded.Items)
                .Where(item => item.Root is ContextRoot.Connectors or ContextRoot.Scripts && item.Key is not null)
                .Select(item => (item.Root, Key: item.Key!))
                .Distinct()
                .Select(place => new FailedPlace(
                    place.Root,
                    place.Key,
                    failed.Items.Any(item => item.Root == place.Root && item.Key == place.Key && item.IsCertain),
                    ShapesAt(failed, place.Root, place.Key),
                    ShapesAt(succeeded, place.Root, place.Key)
                )),
        ];

    /// <summary>Whether a result of one of these shapes may have what a path asks for.</summary>
    /// <param name="shapes">The shapes.</param>
    /// <param name="parts">The path behind the key.</param>
    public static bool MayHave(IEnumerable<ValueShape> shapes, IReadOnlyList<PathPart> parts) =>
        shapes.Any(shape =>
        {
            ValueShape? inner = shape;
            foreach (var part in parts)
                inner = part.Name is { } name ? inner?.Member(name) : inner?.Item(part.Index);
            return inner is not null;
        });

    private static ValueShape[] ShapesAt(ContextWrites writes, ContextRoot root, string key) =>
        [
            .. writes
                .Items.Where(item => item.Root == root && (item.Key is null || item.Key == key) && item.Shape is not null)
                .Select(item => item.Shape!),
        ];
}
