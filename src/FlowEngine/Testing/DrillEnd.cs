namespace FlowEngine.Testing;

/// <summary>Where a drill ends. In files and answers each is called by its name with a small letter.</summary>
public enum DrillEndKind
{
    /// <summary>The person is at a screen.</summary>
    Screen,

    /// <summary>The flow completed, and knows the person: a token is issued.</summary>
    SignedIn,

    /// <summary>The flow completed, and knows nobody.</summary>
    Completed,

    /// <summary>The flow turned the person away.</summary>
    Refused,

    /// <summary>The run failed.</summary>
    Failed,

    /// <summary>Nobody knows: the flow asked somebody for whom the case has no reply.</summary>
    Unknown,
}

/// <summary>Shared and immutable: where a person ends up.</summary>
/// <param name="Kind">What kind of end it is.</param>
/// <param name="Activity">The activity that the run stands on, qualified by the subflows it lies in; of
/// <see cref="DrillEndKind.Unknown"/> the
/// one that has no reply.</param>
public sealed record DrillEnd(DrillEndKind Kind, string Activity)
{
    /// <summary>The id of the screen; null where there is none.</summary>
    public string? Screen { get; init; }

    /// <summary>The title of the screen, without secrets; null where there is none.</summary>
    public string? Title { get; init; }

    /// <summary>What the person is told, without secrets; "" for nothing.</summary>
    public string Message { get; init; } = "";

    /// <summary>The name of the End; null where none was reached.</summary>
    public string? Name { get; init; }

    /// <summary>The code with which the run failed; null where it did not.</summary>
    public string? Code { get; init; }

    /// <summary>How often the flow began anew after the call.</summary>
    public int Restarts { get; init; }

    /// <summary>Where it is, in a word: the title of the screen, the name of the End, the code.</summary>
    public string Place =>
        Kind switch
        {
            DrillEndKind.Screen => string.IsNullOrEmpty(Title) ? Screen! : Title,
            DrillEndKind.SignedIn => "signed in",
            DrillEndKind.Completed => $"completed: {Name}",
            DrillEndKind.Refused => $"refused: {Name}",
            DrillEndKind.Failed => $"failed: {Code}",
            _ => $"not known: no reply for {Activity}",
        };
}
