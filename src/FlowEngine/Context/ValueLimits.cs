using FlowEngine.Errors;

namespace FlowEngine.Context;

/// <summary>
/// Stateless: bounds what a flow can put together out of its own context. Values are shared, so a loop that writes
/// <c>{ "a": "{{claims}}", "b": "{{claims}}" }</c> doubles what they stand for at no cost, until somebody walks through them.
/// </summary>
internal static class ValueLimits
{
    /// <summary>How deeply a value may nest; what is saved has to be readable again, with the levels of the saved run around it.</summary>
    public const int MaxDepth = 64;

    /// <summary>How many values there may be in one.</summary>
    public const int MaxValues = 100_000;

    /// <summary>How many characters all texts in a value may have.</summary>
    public const long MaxCharacters = 4_000_000;

    /// <summary>Why the value cannot be written to the context, or null.</summary>
    /// <param name="value">The value.</param>
    /// <param name="what">What it is, for the message.</param>
    public static FlowError? Check(FlowValue value, string what)
    {
        var values = MaxValues;
        var characters = MaxCharacters;
        return Fits(value, MaxDepth, ref values, ref characters)
            ? null
            : FlowError.Of(
                FlowErrors.ValueTooLarge,
                $"{what} nests more than {MaxDepth} deep, or holds more than {MaxValues} values or {MaxCharacters} characters."
            );
    }

    /// <summary>Takes the room for a part of something that grows.</summary>
    /// <param name="value">The part.</param>
    /// <param name="values">How many values there may still be.</param>
    /// <param name="characters">How many characters its texts may still have.</param>
    /// <returns>Whether there was room.</returns>
    public static bool TryTake(FlowValue value, ref int values, ref long characters) =>
        Fits(value, MaxDepth - 3, ref values, ref characters);

    private static bool Fits(FlowValue value, int depth, ref int values, ref long characters)
    {
        if (--values < 0 || depth < 0)
            return false;
        if (value.TryGetText(out var text))
            return (characters -= text.Length) >= 0;

        if (value.TryGetArray(out var array))
        {
            foreach (ref readonly var item in array.AsSpan())
            {
                if (!Fits(item, depth - 1, ref values, ref characters))
                    return false;
            }
        }
        else if (value.TryGetObject(out var obj))
        {
            foreach (ref readonly var member in obj.Values)
            {
                if (!Fits(member, depth - 1, ref values, ref characters))
                    return false;
            }
        }
        return true;
    }
}
