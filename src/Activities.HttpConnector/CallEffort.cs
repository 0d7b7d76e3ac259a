namespace FlowEngine.HttpConnector;

/// <summary>Shared and immutable: what a call took.</summary>
/// <param name="Attempts">How often it was tried; 0 when it could not be sent.</param>
/// <param name="Duration">How long it took, with all tries and the waits between them.</param>
internal readonly record struct CallEffort(int Attempts, TimeSpan Duration)
{
    /// <summary>Of what was not sent.</summary>
    public static CallEffort None => default;

    /// <summary>Of a scripted reply: one try that takes no time, so that a case gives the same every time.</summary>
    public static CallEffort Scripted => new(1, TimeSpan.Zero);
}
