using FlowEngine.Connectors;
using FlowEngine.Json;
using FlowEngine.Server.Flows;
using FlowEngine.Server.Storage;
using FlowEngine.Server.Tokens;
using Orleans.Placement;

namespace FlowEngine.Server.Runs;

/// <summary>A run, by its id: Orleans keeps one grain of it in the whole cluster, so that nobody else advances it. Arguments and answers are JSON, see <see cref="RunWire"/>.</summary>
internal interface IRunGrain : IGrainWithStringKey
{
    /// <summary>Starts the run.</summary>
    /// <param name="request">What it is started with.</param>
    /// <param name="isRepeated">Whether a call before this one was lost on its way, there or back.</param>
    Task<RunReply> StartAsync(byte[] request, bool isRepeated);

    /// <summary>Submits a step.</summary>
    Task<RunReply> SubmitAsync(string stepId, string interactionId, byte[] input, string? browserKey);

    /// <summary>Goes on when its server stopped in the middle of an advance.</summary>
    Task<RunReply> ResumeAsync();

    /// <summary>Ends the run for an operator.</summary>
    Task<RunReply> CancelAsync();

    /// <summary>Where the run is.</summary>
    Task<RunReply> FindAsync(string? browserKey);
}

/// <summary>Shared and immutable: what a grain answers; written as <see cref="RunAnswerConverter"/> does when the caller is on another node. A storage that does not answer is told, not thrown: an exception would not arrive as it was.</summary>
/// <param name="Answer">The answer; null for none.</param>
/// <param name="StorageCode">The code of what is wrong with the storage; null for nothing.</param>
/// <param name="StorageProblem">What is wrong with it.</param>
[GenerateSerializer, Immutable]
internal sealed record RunReply([property: Id(0)] RunAnswer? Answer, [property: Id(1)] string? StorageCode = null, [property: Id(2)] string? StorageProblem = null);

/// <summary>Per run: the grain, at home on the node that was asked first. It goes from memory when nobody called it for a while. All it does is to be there once, and to take
/// one call after another.</summary>
[PreferLocalPlacement]
[CollectionAgeLimit(Minutes = 5)]
internal sealed class RunGrain(FlowCatalogue flows, RunStore store, TokenService tokens, ConnectorSet connectors, TimeProvider time) : Grain, IRunGrain
{
    private RunSession? _session;

    private RunSession Session => _session ??= new RunSession(this.GetPrimaryKeyString(), flows, store, tokens, connectors, time);

    /// <inheritdoc/>
    public Task<RunReply> StartAsync(byte[] request, bool isRepeated) => ReplyAsync(Session.StartAsync(RunWire.ReadRequest(request), isRepeated));

    /// <inheritdoc/>
    public Task<RunReply> SubmitAsync(string stepId, string interactionId, byte[] input, string? browserKey) =>
        ReplyAsync(Session.SubmitAsync(stepId, interactionId, JsonReading.Parse(input), browserKey));

    /// <inheritdoc/>
    public Task<RunReply> ResumeAsync() => ReplyAsync(Session.ResumeAsync());

    /// <inheritdoc/>
    public Task<RunReply> FindAsync(string? browserKey) => ReplyAsync(Session.FindAsync(browserKey));

    /// <inheritdoc/>
    public Task<RunReply> CancelAsync() => ReplyAsync(Session.CancelAsync());

    private async Task<RunReply> ReplyAsync(Task<RunAnswer?> call)
    {
        try
        {
            return new RunReply(await call);
        }
        catch (StorageException error)
        {
            return new RunReply(null, error.Code.Code, error.Message);
        }
        finally
        {
            // What is over is read again from the storage when somebody comes back. The empty grain goes by its age: to end it here would turn calls away that
            // already wait for it.
            if (Session.IsOver)
                _session = null;
        }
    }
}
