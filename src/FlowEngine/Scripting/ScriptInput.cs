using System.Globalization;
using FlowEngine.Context;
using Jint;
using Jint.Native;
using Jint.Runtime.Descriptors;

namespace FlowEngine.Scripting;

/// <summary>Turns values of the context into JavaScript. Stateless.</summary>
/// <remarks>
/// The script gets copies, so what it does to them changes nothing outside. Members that are objects or arrays are copied when the script
/// first reads them, so that a large context costs only what is used. A number that a double cannot hold without losing a digit (an id
/// beyond 2^53, a long <c>numeric</c>) arrives as its text: an id that silently
/// becomes another person's is worse than an id that must be compared as text.
/// </remarks>
internal static class ScriptInput
{
    public static JsValue Convert(Engine engine, FlowValue value)
    {
        switch (value.Kind)
        {
            case FlowValueKind.Missing:
                return JsValue.Undefined;
            case FlowValueKind.Boolean:
                value.TryGetBoolean(out var boolean);
                return boolean ? JsBoolean.True : JsBoolean.False;
            case FlowValueKind.Number:
                return ConvertNumber(value);
            case FlowValueKind.String:
                value.TryGetText(out var text);
                return JsString.Create(text!);
            case FlowValueKind.Array:
                value.TryGetArray(out var array);
                return ConvertArray(engine, array!);
            case FlowValueKind.Object:
                value.TryGetObject(out var obj);
                return ConvertObject(engine, obj!);
            default:
                return JsValue.Null;
        }
    }

    private static JsValue ConvertNumber(FlowValue value)
    {
        value.TryGetDouble(out var number);
        if (value.IsIntegerForm)
        {
            var integer = value.RawBits;
            if (integer is >= -9007199254740991 and <= 9007199254740991)
                return JsNumber.Create(integer);
            return number < 9.2e18 && (long)number == integer
                ? JsNumber.Create(number)
                : JsString.Create(integer.ToString(CultureInfo.InvariantCulture));
        }

        // The shortest text of the double reads back as the same value exactly when no digit was lost.
        return FlowValue.From(number) == value ? JsNumber.Create(number) : JsString.Create(value.ToText());
    }

    private static JsArray ConvertArray(Engine engine, FlowArray array)
    {
        var items = new JsValue[array.Count];
        for (var i = 0; i < items.Length; i++)
            items[i] = Convert(engine, array[i]);
        return new JsArray(engine, items);
    }

    private static JsObject ConvertObject(Engine engine, FlowObject obj)
    {
        var result = new JsObject(engine);
        var names = obj.Shape.Names;
        var values = obj.Values;
        for (var i = 0; i < names.Length; i++)
        {
            var value = values[i];
            if (value.IsMissing)
                continue;
            if (value.Kind is FlowValueKind.Array or FlowValueKind.Object)
            {
                result.FastSetProperty(
                    names[i],
                    PropertyDescriptor.CreateLazy(
                        (engine, value),
                        static state => Convert(state.engine, state.value),
                        PropertyFlag.ConfigurableEnumerableWritable
                    )
                );
            }
            else
            {
                result.FastSetDataProperty(names[i], Convert(engine, value));
            }
        }
        return result;
    }
}
