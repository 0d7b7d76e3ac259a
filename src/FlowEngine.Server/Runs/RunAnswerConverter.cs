namespace FlowEngine.Server.Runs;

/// <summary>Shared and immutable: an answer on its way between nodes.</summary>
/// <param name="Json">What <see cref="RunWire"/> wrote.</param>
[GenerateSerializer, Immutable]
internal readonly record struct RunAnswerOnWire([property: Id(0)] byte[] Json);

/// <summary>Stateless: how Orleans takes an answer to another node. Within a node it is handed over as it is.</summary>
[RegisterConverter]
internal sealed class RunAnswerConverter : IConverter<RunAnswer, RunAnswerOnWire>
{
    /// <inheritdoc/>
    public RunAnswer ConvertFromSurrogate(in RunAnswerOnWire surrogate) => RunWire.ReadAnswer(surrogate.Json)!;

    /// <inheritdoc/>
    public RunAnswerOnWire ConvertToSurrogate(in RunAnswer value) => new(RunWire.Write(value));
}
