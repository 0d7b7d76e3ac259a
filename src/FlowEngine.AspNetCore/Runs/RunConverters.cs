using FlowEngine.Context;
using FlowEngine.Json;

namespace FlowEngine.AspNetCore.Runs;

/// <summary>Shared and immutable: what takes the place of a value on its way between nodes.</summary>
/// <param name="Json">What <see cref="RunWire"/> wrote.</param>
[GenerateSerializer, Immutable, Alias("run.wire")]
internal readonly record struct OnWire([property: Id(0)] byte[] Json);

/// <summary>Stateless: how Orleans takes an answer to another node. Within a node it is handed over as it is.</summary>
[RegisterConverter]
internal sealed class RunAnswerConverter : IConverter<RunAnswer, OnWire>
{
    /// <inheritdoc/>
    public RunAnswer ConvertFromSurrogate(in OnWire surrogate) => RunWire.ReadAnswer(surrogate.Json)!;

    /// <inheritdoc/>
    public OnWire ConvertToSurrogate(in RunAnswer value) => new(RunWire.Write(value));
}

/// <summary>Stateless: how Orleans takes a request to another node. Within a node it is handed over as it is.</summary>
[RegisterConverter]
internal sealed class RunRequestConverter : IConverter<RunRequest, OnWire>
{
    /// <inheritdoc/>
    public RunRequest ConvertFromSurrogate(in OnWire surrogate) => RunWire.ReadRequest(surrogate.Json);

    /// <inheritdoc/>
    public OnWire ConvertToSurrogate(in RunRequest value) => new(RunWire.Write(value));
}

/// <summary>Stateless: how Orleans takes a value to another node. Within a node it is handed over as it is.</summary>
[RegisterConverter]
internal sealed class FlowValueConverter : IConverter<FlowValue, OnWire>
{
    /// <inheritdoc/>
    public FlowValue ConvertFromSurrogate(in OnWire surrogate) => JsonReading.Parse(surrogate.Json);

    /// <inheritdoc/>
    public OnWire ConvertToSurrogate(in FlowValue value) => new(JsonWriting.ToUtf8(value));
}
