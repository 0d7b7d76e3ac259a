using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using FlowEngine.Context;
using FlowEngine.Errors;
using FlowEngine.Json;
using FlowEngine.Storage;

namespace FlowEngine.AspNetCore.Web.Edge;

/// <summary>Shared and immutable: how the API's records become JSON and back.</summary>
/// <param name="types">What is known of each record.</param>
internal sealed class JsonContract(IJsonTypeInfoResolver types)
{
    /// <summary>The options: members in the order declared, in camel case; texts, numbers and times as <see cref="JsonWriting"/> has
    /// them.</summary>
    public JsonSerializerOptions Options { get; } =
        new()
        {
            TypeInfoResolver = types,
            PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
            Encoder = JsonTextEncoder.Instance,
            MaxDepth = JsonReading.MaxDepth,
            Converters = { new FlowValueConverter(), new FlowObjectConverter(), new UnixTimeConverter() },
        };
}

/// <summary>
/// Stateless: a value as JSON: numbers digit by digit as they are, missing left out where the member says so and null elsewhere. What is
/// marked sensitive is
/// masked: a member that may tell it says so with <see cref="TellingValueConverter"/>.
/// </summary>
internal sealed class FlowValueConverter : JsonConverter<FlowValue>
{
    /// <inheritdoc/>
    public override bool HandleNull => true;

    /// <inheritdoc/>
    public override FlowValue Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        RawJson.Read(ref reader);

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, FlowValue value, JsonSerializerOptions options) =>
        RawJson.Write(writer, value, redact: true);
}

/// <summary>Stateless: a value as JSON that tells also what is marked sensitive: for what is the caller's own.</summary>
internal sealed class TellingValueConverter : JsonConverter<FlowValue>
{
    /// <inheritdoc/>
    public override bool HandleNull => true;

    /// <inheritdoc/>
    public override FlowValue Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        RawJson.Read(ref reader);

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, FlowValue value, JsonSerializerOptions options) =>
        RawJson.Write(writer, value, redact: false);
}

/// <summary>Stateless: an object as JSON, as <see cref="FlowValueConverter"/> has it.</summary>
internal sealed class FlowObjectConverter : JsonConverter<FlowObject>
{
    /// <inheritdoc/>
    public override FlowObject Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType == JsonTokenType.StartObject && RawJson.Read(ref reader).TryGetObject(out var value)
            ? value
            : throw new JsonException();

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, FlowObject value, JsonSerializerOptions options) =>
        RawJson.Write(writer, FlowValue.From(value), redact: true);
}

/// <summary>Stateless: a time as JSON: ISO 8601 in UTC, to the millisecond.</summary>
internal sealed class UnixTimeConverter : JsonConverter<UnixTime>
{
    /// <inheritdoc/>
    public override UnixTime Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.GetDateTimeOffset();

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, UnixTime value, JsonSerializerOptions options) =>
        writer.WriteStringValue(value.ToText());
}

/// <summary>Stateless: values through System.Text.Json as JsonReading and JsonWriting have them.</summary>
file static class RawJson
{
    public static FlowValue Read(ref Utf8JsonReader reader) => JsonReading.ReadValue(ref reader);

    public static void Write(Utf8JsonWriter writer, FlowValue value, bool redact) =>
        writer.WriteRawValue(JsonWriting.ToUtf8(value, redact), skipInputValidation: true);
}

/// <summary>Stateless: what is stored now, as its own record says it.</summary>
internal sealed class ProblemCurrentConverter : JsonConverter<ProblemCurrent>
{
    /// <inheritdoc/>
    public override ProblemCurrent Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        throw new NotSupportedException();

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, ProblemCurrent value, JsonSerializerOptions options)
    {
        if (value.Value is null)
            writer.WriteNullValue();
        else
            JsonSerializer.Serialize(writer, value.Value, options.GetTypeInfo(value.Value.GetType()));
    }
}
