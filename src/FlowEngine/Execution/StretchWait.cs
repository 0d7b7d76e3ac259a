namespace FlowEngine.Execution;

/// <summary>Shared and immutable: how long a person, or whoever started a flow without screens, may wait from one screen to the next when
/// nobody answers.</summary>
/// <param name="From">The id of the activity that shows the screen, that of a subflow behind the id of its Subflow; <see cref="AtStart"/>
/// for the start of the flow.</param>
/// <param name="Position">The position of the activity; -1 for the start of the flow.</param>
/// <param name="Longest">The longest wait of all ways; null when it has no end: a loop without a screen asks somebody.</param>
/// <param name="Parts">What is waited for on the longest way, in order; of a loop, what it asks.</param>
public sealed record StretchWait(string From, int Position, TimeSpan? Longest, IReadOnlyList<WaitPart> Parts)
{
    /// <summary>What the start of a flow is called.</summary>
    public const string AtStart = "start";

    /// <summary>How many parts are named at most.</summary>
    public const int MaxParts = 20;

    /// <inheritdoc/>
    public override string ToString() =>
        $"{From} → {(Longest is { } longest ? WaitPart.Text(longest) : "no end")}" + (Parts.Count == 0 ? "" : $": {Named}");

    internal string Named => $"{string.Join(", ", Parts)}{(Parts.Count == MaxParts ? ", …" : "")}";
}

/// <summary>Shared and immutable: an activity that is waited for.</summary>
/// <param name="Activity">Its id, that of a subflow's behind the id of its Subflow.</param>
/// <param name="Wait">How long.</param>
public sealed record WaitPart(string Activity, LongestWait Wait)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Activity} {(Wait.Times > 1 ? $"{Wait.Times} × " : "")}{Text(Wait.Each)}";

    internal static string Text(TimeSpan wait) =>
        string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{wait.TotalSeconds:0.##} s");
}
