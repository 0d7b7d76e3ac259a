namespace FlowEngine.Settings;

/// <summary>Where outcomes that settings decide come from.</summary>
public enum OutcomeSource
{
    /// <summary>Each element of a list has one: its member of the given name. They come first.</summary>
    Elements,

    /// <summary>The setting names a screen: its buttons and links.</summary>
    Screen,

    /// <summary>The setting names a flow: its Ends. While they are not known, the type's own outcomes stand in.</summary>
    Flow,

    /// <summary>There is one of the given name when the setting is given. They come last.</summary>
    Given,

    /// <summary>While the setting has the value of the given name, there are <see cref="AddsOutcomesAttribute.Instead"/> in place of the
    /// type's own.</summary>
    Instead,

    /// <summary>Each member of an object is one of that name. They come behind the type's own.</summary>
    Members,
}

/// <summary>Says that a setting adds outcomes to those of its activity.</summary>
/// <param name="source">Where they come from.</param>
/// <param name="name">For <see cref="OutcomeSource.Elements"/> the member that names one, for <see cref="OutcomeSource.Given"/> the
/// outcome, for <see cref="OutcomeSource.Instead"/> the value, for <see cref="OutcomeSource.Members"/> the member of the result by which
/// they are told apart; else nothing.</param>
[AttributeUsage(AttributeTargets.Property)]
public sealed class AddsOutcomesAttribute(OutcomeSource source, string name = "") : Attribute
{
    /// <summary>Where they come from.</summary>
    public OutcomeSource Source { get; } = source;

    /// <summary>The member, the outcome, or the value.</summary>
    public string Name { get; } = name;

    /// <summary>For <see cref="OutcomeSource.Instead"/> the outcomes; else none, the default.</summary>
    public string[] Instead { get; set; } = [];

    /// <summary>For <see cref="OutcomeSource.Members"/>, where they tell answers apart: the error event of those that none of them names,
    /// so that a condition behind it can say the same. Null (the default) where they do not.</summary>
    public string? Event { get; set; }

    /// <summary>For <see cref="OutcomeSource.Members"/>: the setting that lists the answers that are no error. Null (the default) for
    /// none.</summary>
    public string? Except { get; set; }
}
