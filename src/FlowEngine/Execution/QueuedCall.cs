namespace FlowEngine.Execution;

/// <summary>
/// Shared and immutable: a call that an activity leaves to whoever stores the run: it goes out once the run is stored with it, and as
/// often as it takes until it has arrived. Only
/// the connector knows what is in it; see <see cref="Connectors.Connector.DeliverAsync"/>.
/// </summary>
/// <param name="Id">Tells it from every other call, and is the same again when a crashed run repeats the step: what is stored twice is
/// one call.</param>
/// <param name="Connector">The id of the connector.</param>
/// <param name="Activity">The id of the activity, qualified by the subflows it lies in.</param>
/// <param name="Content">What to send. It may hold secrets: whoever stores it encrypts it.</param>
/// <param name="Timeout">How long one delivery takes at most.</param>
public sealed record QueuedCall(string Id, string Connector, string Activity, byte[] Content, TimeSpan Timeout)
{
    /// <summary>How many calls a run may queue between two saves: 200.</summary>
    public const int MostAtOnce = 200;
}
