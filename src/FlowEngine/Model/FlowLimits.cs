namespace FlowEngine.Model;

/// <summary>How large the parts of a flow may be. What is beyond them the compiler refuses
/// with <c>flow.too_large</c> at the place, before it costs more than to be read.</summary>
public static class FlowLimits
{
    /// <summary>How many activities a flow may have.</summary>
    public const int Activities = 20_000;

    /// <summary>How many connections a flow may have.</summary>
    public const int Connections = 100_000;

    /// <summary>How many screens a flow may have.</summary>
    public const int Screens = 5_000;

    /// <summary>How many components a screen may have.</summary>
    public const int Components = 1_000;

    /// <summary>How many <c>{{path}}</c> one text may have, a query or a body among them.</summary>
    public const int Templates = 1_000;

    /// <summary>How many elements a setting may have that is a list or a map: branches, rules,
    /// options, headers, branches of a Parallel; and how many inputs a flow may declare.</summary>
    public const int Items = 1_000;
}
