using FlowEngine.Context;

namespace FlowEngine.Templates;

/// <summary>
/// Shared and immutable: what an activity has written into the context when it leaves one way. The compiler checks by it whether the
/// paths that later activities read
/// can have a value.
/// </summary>
public sealed class ContextWrites
{
    private ContextWrites(ContextWrite[] items) => Items = items;

    /// <summary>Nothing.</summary>
    public static ContextWrites Nothing { get; } = new([]);

    /// <summary>Nobody knows: anything under <c>connectors</c> and <c>scripts</c>, so that no path there is checked behind it.</summary>
    public static ContextWrites Anything { get; } = Every([ContextRoot.Connectors, ContextRoot.Scripts], ValueShape.Any);

    /// <summary>Nobody knows anything any more, because the activity has errors.</summary>
    internal static ContextWrites Unknown { get; } =
        Every(
            [ContextRoot.Form, ContextRoot.Connectors, ContextRoot.Scripts, ContextRoot.User, ContextRoot.Claims, ContextRoot.Error],
            ValueShape.Any
        );

    /// <summary>What a restart leaves: nothing of what was entered and found.</summary>
    internal static ContextWrites Cleared { get; } =
        Every([ContextRoot.Form, ContextRoot.Connectors, ContextRoot.Scripts, ContextRoot.User, ContextRoot.Claims], null);

    /// <summary>The last error.</summary>
    internal static ContextWrites LastError { get; } =
        Of(
            ContextRoot.Error,
            ContextWrite.Whole,
            ValueShape.Object(
                ("activity", ValueShape.Scalar),
                ("event", ValueShape.Scalar),
                ("code", ValueShape.Scalar),
                ("message", ValueShape.Scalar)
            )
        );

    /// <summary>The writes. Several of one place are alternatives: one of them has happened.</summary>
    internal IReadOnlyList<ContextWrite> Items { get; }

    /// <summary>A value under <c>connectors</c>.</summary>
    /// <param name="key">The context key.</param>
    /// <param name="shape">What is known of the value.</param>
    public static ContextWrites Connector(string key, ValueShape shape) => Of(ContextRoot.Connectors, key, shape);

    /// <summary>A value under <c>scripts</c>.</summary>
    /// <param name="key">The context key.</param>
    /// <param name="shape">What is known of the value.</param>
    public static ContextWrites Script(string key, ValueShape shape) => Of(ContextRoot.Scripts, key, shape);

    /// <summary>Both: these writes and those of another. They are of different places.</summary>
    public ContextWrites And(ContextWrites other) =>
        Items.Count == 0 ? other
        : other.Items.Count == 0 ? this
        : new([.. Items, .. other.Items]);

    /// <summary>Either these writes or those of another have happened, nobody knows which.</summary>
    public ContextWrites Or(ContextWrites other) => AnyOf([this, other]);

    /// <summary>The same, but each of them may not have happened.</summary>
    public ContextWrites Perhaps() => new([.. Items.Select(item => item with { IsCertain = false })]);

    internal static ContextWrites Of(ContextRoot root, string key, ValueShape shape) => new([new ContextWrite(root, key, shape, true)]);

    internal static ContextWrites Of(IEnumerable<ContextWrite> items) => new([.. items]);

    /// <summary>A value of any key of these roots.</summary>
    internal static ContextWrites Every(IEnumerable<ContextRoot> roots, ValueShape? shape) =>
        new([.. roots.Select(root => new ContextWrite(root, null, shape, true))]);

    /// <summary>What one of several ways has written, nobody knows which.</summary>
    internal static ContextWrites AnyOf(IReadOnlyList<ContextWrites> ways)
    {
        if (ways.Count == 1)
            return ways[0];
        var places = ways.SelectMany(way => way.Items.Select(item => (item.Root, item.Key)).Distinct())
            .GroupBy(place => place)
            .ToDictionary(place => place.Key, place => place.Count());
        return new([
            .. ways.SelectMany(way => way.Items)
                .Select(item => places[(item.Root, item.Key)] == ways.Count ? item : item with { IsCertain = false }),
        ]);
    }
}

/// <summary>Shared and immutable: one write.</summary>
/// <param name="Root">The root.</param>
/// <param name="Key">The key below it; <see cref="Whole"/> for a root that is written as a whole; null for every key there is.</param>
/// <param name="Shape">What is known of the value; null when there is none any more.</param>
/// <param name="IsCertain">Whether it happened; otherwise what was there before may still be there.</param>
internal readonly record struct ContextWrite(ContextRoot Root, string? Key, ValueShape? Shape, bool IsCertain)
{
    /// <summary>The key of <c>user</c> and <c>error</c>, which have no keys of their own.</summary>
    public const string Whole = "";

    /// <summary>Whether what is below the root is written by key.</summary>
    public static bool IsByKey(ContextRoot root) =>
        root is ContextRoot.Form or ContextRoot.Connectors or ContextRoot.Scripts or ContextRoot.Claims;
}
