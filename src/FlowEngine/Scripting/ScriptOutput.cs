using System.Text;
using FlowEngine.Context;
using Jint;
using Jint.Native;
using Jint.Native.Function;
using Jint.Native.Object;
using Jint.Runtime;

namespace FlowEngine.Scripting;

/// <summary>Per execution and single-threaded: turns what a script returned into a value of the context.</summary>
/// <remarks>
/// Text, numbers, booleans, arrays and plain objects as they are; undefined as null, wherever it stands; NaN and the infinities as null, as
/// in JSON; a Date as its ISO 8601 text. Anything else (functions, symbols, maps, promises, cycles) has no equal in JSON and is refused
/// rather than dropped. Getters run, and the result's size counts, under the script's limits.
/// </remarks>
internal sealed class ScriptOutput(Engine engine)
{
    private readonly ObjectInstance[] _ancestors = new ObjectInstance[ScriptLimits.Depth];
    private int _depth;
    private int _values;
    private long _characters;

    /// <summary>Why the value could not be converted, or null.</summary>
    public string? Problem { get; private set; }

    public FlowValue Convert(JsValue value)
    {
        if (++_values > ScriptLimits.ResultValues)
            throw new MemoryLimitExceededException($"The result has more than {ScriptLimits.ResultValues} values.");
        if (_values % 1024 == 0)
            engine.Constraints.Check();

        switch (value.Type)
        {
            case Types.Undefined or Types.Null or Types.Empty:
                return FlowValue.Null;
            case Types.Boolean:
                return FlowValue.From(value.AsBoolean());
            case Types.Number:
                return FlowValue.From(value.AsNumber());
            case Types.String:
                return FlowValue.From(Count(value.AsString()));
            case Types.Symbol:
                return Refuse("a symbol");
            case Types.BigInt:
                return Refuse("a BigInt");
        }

        return value switch
        {
            Function => Refuse("a function"),
            JsDate date => double.IsNaN(date.DateValue)
                ? FlowValue.Null
                : FlowValue.From(date.ToDateTime().ToString("yyyy-MM-ddTHH:mm:ss.fffZ", System.Globalization.CultureInfo.InvariantCulture)),
            JsArray array => Enter(array) ? ConvertArray(array) : FlowValue.Null,
            JsObject obj => Enter(obj) ? ConvertObject(obj) : FlowValue.Null,
            _ => Refuse(
                value.IsPromise()
                    ? "a promise (return the value itself: nothing in a script takes time)"
                    : $"an object that is not plain ({value.GetType().Name.Replace("Js", "", StringComparison.Ordinal)})"
            ),
        };
    }

    private FlowValue ConvertArray(JsArray array)
    {
        var length = array.Length;
        if (length > ScriptLimits.ResultValues)
            throw new MemoryLimitExceededException($"The result has more than {ScriptLimits.ResultValues} values.");
        var items = new FlowValue[length];
        for (var i = 0u; i < length && Problem is null; i++)
            items[i] = Convert(array.Get(i));
        _depth--;
        return FlowValue.From(FlowArray.Own(items, items.Length));
    }

    private FlowValue ConvertObject(JsObject obj)
    {
        var keys = obj.GetOwnPropertyKeys(Types.String);
        var builder = new FlowObjectBuilder(keys.Count);
        foreach (var key in keys)
        {
            if (Problem is not null)
                break;
            if (obj.GetOwnProperty(key).Enumerable)
                builder.Set(Count(key.AsString()), Convert(obj.Get(key)));
        }
        _depth--;
        return FlowValue.From(builder.Build());
    }

    private bool Enter(ObjectInstance obj)
    {
        if (Array.IndexOf(_ancestors, obj, 0, _depth) >= 0)
            Refuse("an object that contains itself");
        else if (_depth == _ancestors.Length)
            Refuse($"a value that nests more than {ScriptLimits.Depth} deep");
        else
            _ancestors[_depth++] = obj;
        return Problem is null;
    }

    private string Count(string text)
    {
        _characters += text.Length;
        if (_characters > ScriptLimits.ResultText)
            throw new MemoryLimitExceededException("The result has too much text.");
        // Half a character, cut by slice() say, cannot be stored or sent: it
        // becomes U+FFFD, as with String.prototype.toWellFormed (ECMA-262).
        return text.AsSpan().ContainsAnyInRange('\uD800', '\uDFFF') ? Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text)) : text;
    }

    private FlowValue Refuse(string what)
    {
        Problem ??= $"The script returned {what}.";
        return FlowValue.Null;
    }
}
