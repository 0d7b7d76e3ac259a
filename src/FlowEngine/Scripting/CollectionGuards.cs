using Jint;
using Jint.Native;
using Jint.Native.Object;
using Jint.Runtime;
using Jint.Runtime.Descriptors;
using Jint.Runtime.Interop;

namespace FlowEngine.Scripting;

/// <summary>Guards of the built-ins that go through elements, keys and entries. Stateless.</summary>
internal static class CollectionGuards
{
    private const int MaxPromises = 10_000;

    /// <summary>Each character of a text and each element of an array is a key, which takes hundreds of bytes.</summary>
    public static JsValue OnKeys(Engine engine, JsValue original, JsValue thisValue, JsValue[] arguments)
    {
        foreach (var argument in arguments)
        {
            if (KeysOf(argument) > ScriptLimits.SubjectLength / 2)
                throw ScriptGuards.TooLarge("A function of Object");
        }
        return ScriptGuards.Checked(engine, original, thisValue, arguments);
    }

    /// <summary>How many keys a text or array has; 0 for plain objects and all else.</summary>
    public static double KeysOf(JsValue value) =>
        value switch
        {
            JsString text => text.Length,
            JsObject => 0,
            ObjectInstance obj => LengthOf(obj),
            _ => 0,
        };

    /// <summary>A function of arrays, on what may only be like an array: it takes
    /// memory for as many elements as the length says, or goes through them.</summary>
    public static JsValue OnElements(Engine engine, JsValue original, JsValue thisValue, JsValue[] arguments)
    {
        CheckLength(thisValue);
        return ScriptGuards.Checked(engine, original, thisValue, arguments);
    }

    /// <summary>Joins arrays, element by element: how many there are is known only while that is done.</summary>
    public static JsValue Concat(Engine engine, JsValue original, JsValue thisValue, JsValue[] arguments)
    {
        if (thisValue.IsNull() || thisValue.IsUndefined())
            return ScriptGuards.Checked(engine, original, thisValue, arguments);
        var spreadable = engine.Global.Get("Symbol").Get("isConcatSpreadable");
        var elements = new List<JsValue>();
        foreach (var item in new[] { ScriptGuards.ToObject(engine, thisValue) }.Concat(arguments))
        {
            engine.Constraints.Check();
            if (
                item is not ObjectInstance obj
                || !(obj.Get(spreadable) is var says && says.IsUndefined() ? obj is JsArray : TypeConverter.ToBoolean(says))
            )
            {
                elements.Add(item);
                continue;
            }
            var length = obj is JsArray array ? array.Length : TypeConverter.ToIntegerOrInfinity(obj.Get("length"));
            if (length + elements.Count > ScriptLimits.ArrayLength)
                throw ScriptGuards.TooLarge("concat");
            for (var i = 0u; i < length; i++)
            {
                if (i % 1024 == 0)
                    engine.Constraints.Check();
                elements.Add(obj.Get(JsNumber.Create(i)));
            }
        }
        return new JsArray(engine, elements.ToArray());
    }

    /// <summary>A function that makes a promise for each element.</summary>
    public static JsValue OnIterable(Engine engine, JsValue original, JsValue thisValue, JsValue[] arguments)
    {
        var elements = Elements(engine, arguments);
        if (elements is [var first, ..] && KeysOf(first) > MaxPromises)
            throw ScriptGuards.TooLarge("A function of Promise with so many values");
        return ScriptGuards.Checked(engine, original, thisValue, elements);
    }

    public static JsValue Flatten(Engine engine, JsValue original, JsValue thisValue, JsValue[] arguments)
    {
        var argument = ScriptGuards.Argument(arguments, 0);
        var depth = argument.IsUndefined() ? 1 : Math.Min(TypeConverter.ToIntegerOrInfinity(argument), ScriptLimits.Depth);
        var elements = 0;
        CheckLength(thisValue);
        if (thisValue is JsArray array)
            CountElements(engine, array, (int)depth, ref elements);
        return ScriptGuards.Checked(engine, original, thisValue, [JsNumber.Create(depth)]);
    }

    /// <summary>Sorts with a comparison that looks at the limits; without one, by text.</summary>
    public static JsValue Sort(Engine engine, JsValue original, JsValue thisValue, JsValue[] arguments)
    {
        var comparison = ScriptGuards.Argument(arguments, 0);
        if (!comparison.IsUndefined())
            return OnElements(engine, original, thisValue, arguments);
        var byText = new ClrFunction(
            engine,
            "",
            (_, pair) =>
            {
                engine.Constraints.Check();
                return JsNumber.Create(Math.Sign(string.CompareOrdinal(TypeConverter.ToString(pair[0]), TypeConverter.ToString(pair[1]))));
            }
        );
        return OnElements(engine, original, thisValue, [byText]);
    }

    /// <summary>Groups by keys of which each is looked at: hashing a long text ten thousand times takes long.</summary>
    public static JsValue Group(Engine engine, JsValue original, JsValue thisValue, JsValue[] arguments)
    {
        if (arguments.Length < 2 || !arguments[1].IsCallable())
            return OnKeys(engine, original, thisValue, arguments);
        var total = 0L;
        var key = new ClrFunction(
            engine,
            "",
            (_, parts) =>
            {
                var result = ScriptGuards.Checked(engine, arguments[1], JsValue.Undefined, parts);
                if (result is ObjectInstance && original == engine.Intrinsics.Object.Get("groupBy"))
                    result = JsString.Create(TypeConverter.ToString(result));
                total += result is JsString text ? text.Length : 0;
                return total <= ScriptLimits.TextLength * 4L ? result : throw ScriptGuards.TooLarge("groupBy");
            }
        );
        return OnKeys(engine, original, thisValue, [arguments[0], key]);
    }

    public static JsValue FromEntries(Engine engine, JsValue original, JsValue thisValue, JsValue[] arguments) =>
        OnKeys(engine, original, thisValue, Elements(engine, arguments));

    /// <summary>The arguments of a constructor that takes an iterable, taken out of it under the limits.</summary>
    public static JsValue[] Elements(Engine engine, JsValue[] arguments)
    {
        engine.Constraints.Check();
        if (arguments.Length == 0 || arguments[0] is not ObjectInstance iterable)
            return arguments is [JsString text, ..] ? [ScriptGuards.Subject(text)] : arguments;

        var elements = new List<JsValue>();
        var characters = 0L;
        foreach (var element in Iterate(engine, iterable))
        {
            if (elements.Count % 64 == 0)
                engine.Constraints.Check();
            var key = element is JsArray { Length: > 0 } entry ? entry.Get(0u) : element;
            characters += key is JsString name ? name.Length : 0;
            if (characters > ScriptLimits.TextLength * 4L || elements.Count >= ScriptLimits.ArrayLength)
                throw ScriptGuards.TooLarge("A collection of that size");
            elements.Add(element);
        }
        return [new JsArray(engine, elements.ToArray())];
    }

    private static IEnumerable<JsValue> Iterate(Engine engine, ObjectInstance iterable)
    {
        if (iterable is JsArray array)
        {
            for (var i = 0u; i < array.Length; i++)
                yield return array.Get(i);
            yield break;
        }

        var method = iterable.Get(engine.Global.Get("Symbol").Get("iterator"));
        if (!method.IsCallable() || engine.Call(method, iterable, []) is not ObjectInstance iterator)
            throw new JavaScriptException(engine.Intrinsics.TypeError, "The value is not iterable.");
        var next = iterator.Get("next");
        while (engine.Call(next, iterator, []) is ObjectInstance step && !TypeConverter.ToBoolean(step.Get("done")))
            yield return step.Get("value");
    }

    private static void CountElements(Engine engine, JsArray array, int depth, ref int elements)
    {
        for (var i = 0u; i < array.Length; i++)
        {
            if (++elements > ScriptLimits.ArrayLength)
                throw ScriptGuards.TooLarge("flat");
            if (elements % 1024 == 0)
                engine.Constraints.Check();
            if (depth > 0 && array.Get(i) is JsArray nested)
                CountElements(engine, nested, depth - 1, ref elements);
        }
    }

    /// <summary>A length that a script computes could be another one by the time the function asks.</summary>
    internal static void CheckLength(JsValue value)
    {
        if (value is JsArray array)
        {
            if (array.Length > ScriptLimits.ArrayLength)
                throw ScriptGuards.TooLarge("A function of an array of that length");
            return;
        }
        for (var holder = value as ObjectInstance; holder is not null; holder = holder.Prototype)
        {
            var property = holder.GetOwnProperty("length");
            if (property == PropertyDescriptor.Undefined)
                continue;
            if (
                property.Get is not null
                || property.Value is null or ObjectInstance
                || TypeConverter.ToNumber(property.Value) > ScriptLimits.ArrayLength
            )
                throw ScriptGuards.TooLarge("A function of arrays, on a length that is computed or so long,");
            return;
        }
    }

    private static double LengthOf(ObjectInstance obj)
    {
        var length = obj.GetOwnProperty("length").Value;
        return length is not null && length.IsNumber() ? length.AsNumber() : 0;
    }
}
