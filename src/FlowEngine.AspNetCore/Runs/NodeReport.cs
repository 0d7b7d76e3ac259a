using System.Text.Json;
using System.Text.Json.Serialization;
using FlowEngine.Connectors;

namespace FlowEngine.AspNetCore.Runs;

/// <summary>Shared and immutable: what a node says of itself with what it counted, for whichever node is asked. It is stored as JSON: other
/// releases read it, so a member may be missing, and one that is not known is left out.</summary>
internal sealed record NodeReport
{
    /// <summary>What it is called: its address for the others of a cluster, or the machine's name.</summary>
    public string Name { get; init; } = "";

    /// <summary>Its release.</summary>
    public string Release { get; init; } = "";

    /// <summary>When its process began.</summary>
    public DateTimeOffset StartedAt { get; init; }

    /// <summary>The runs in its memory.</summary>
    public int Runs { get; init; }

    /// <summary>How much of the machine's processors it took lately, from 0 to 1.</summary>
    public double Processor { get; init; }

    /// <summary>How many bytes of memory it takes.</summary>
    public long Memory { get; init; }

    /// <summary>How its connectors are, by id.</summary>
    public IReadOnlyDictionary<string, ConnectorState> Connectors { get; init; } = new Dictionary<string, ConnectorState>();

    /// <summary>Writes it.</summary>
    public string ToText() => JsonSerializer.Serialize(this, NodeReportJson.Default.NodeReport);

    /// <summary>Reads what <see cref="ToText"/> wrote; null for anything else.</summary>
    public static NodeReport? Read(string? text)
    {
        try
        {
            return text is null ? null : JsonSerializer.Deserialize(text, NodeReportJson.Default.NodeReport);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}

/// <summary>Shared and immutable: what is known of the report, written when the server is built.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull
)]
[JsonSerializable(typeof(NodeReport))]
internal sealed partial class NodeReportJson : JsonSerializerContext;
