using FlowEngine.Context;
using FlowEngine.Json;

namespace FlowEngine.Storage;

/// <summary>Shared and immutable: where a secret stands in a connector's definition.</summary>
/// <param name="Pointer">Where, as a JSON Pointer below <c>/configuration</c>.</param>
/// <param name="Identity">Which it is: as the pointer, but elements of a list that have a name are known by that, wherever they
/// stand.</param>
/// <param name="Value">The secret.</param>
internal readonly record struct SecretPlace(string Pointer, string Identity, FlowValue Value = default)
{
    /// <summary>The configuration itself.</summary>
    public static SecretPlace Root { get; } = new(JsonPointer.Root, JsonPointer.Root);

    /// <summary>A member.</summary>
    public SecretPlace At(string name) => new(JsonPointer.At(Pointer, name), JsonPointer.At(Identity, name));

    /// <summary>An element.</summary>
    /// <param name="index">Its index.</param>
    /// <param name="key">What tells it apart; null (the default) for its index.</param>
    public SecretPlace At(int index, string? key = null) =>
        new(JsonPointer.At(Pointer, index), key is null ? JsonPointer.At(Identity, index) : JsonPointer.At(Identity, "=" + key));
}
