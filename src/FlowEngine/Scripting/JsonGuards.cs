using Jint;
using Jint.Native;
using Jint.Native.Object;
using Jint.Runtime;
using Jint.Runtime.Interop;

namespace FlowEngine.Scripting;

/// <summary>Guards of JSON. Stateless.</summary>
internal static class JsonGuards
{
    public static JsValue Parse(Engine engine, JsValue original, JsValue thisValue, JsValue[] arguments)
    {
        if (arguments.Length > 0 && arguments[0].IsString() && ((JsString)arguments[0]).Length > ScriptLimits.ResultText)
            throw ScriptGuards.TooLarge("JSON.parse");
        engine.Constraints.Check();
        return engine.Call(original, thisValue, arguments);
    }

    /// <summary>Writes JSON with a replacer that counts, so that an object which holds itself many times over cannot grow without bound. A
    /// list of names or an indentation is applied to what was written, which is bounded by then.</summary>
    public static JsValue Stringify(Engine engine, JsValue original, JsValue thisValue, JsValue[] arguments)
    {
        var replacer = ScriptGuards.Argument(arguments, 1);
        var total = 0L;
        var count = 0;
        var counting = new ClrFunction(
            engine,
            "",
            (holder, pair) =>
            {
                if (++count % 256 == 0)
                    engine.Constraints.Check();
                var value = replacer.IsCallable() ? engine.Call(replacer, holder, pair) : pair[1];
                total += 8 + Written(pair[0]) + Written(value);
                if (total > ScriptLimits.TextLength)
                    throw ScriptGuards.TooLarge("JSON.stringify");
                return value;
            }
        );

        var json = ScriptGuards.Checked(engine, original, thisValue, [ScriptGuards.Argument(arguments, 0), counting]);
        var space = ScriptGuards.Argument(arguments, 2);
        var hasList = replacer is JsArray;
        if (!json.IsString() || (!hasList && space.IsUndefined()))
            return json;
        if (!space.IsUndefined() && ((JsString)json).Length > ScriptLimits.SubjectLength / 2)
            throw ScriptGuards.TooLarge("JSON.stringify with an indentation");
        var tree = engine.Call(engine.Global.Get("JSON").Get("parse"), JsValue.Undefined, [json]);
        return ScriptGuards.Checked(engine, original, thisValue, [tree, hasList ? replacer : JsValue.Undefined, space]);
    }

    /// <summary>How many characters a text has in JSON, where some are written with six.</summary>
    private static long Written(JsValue value)
    {
        if (value is not JsString text)
            return 0;
        var characters = text.ToString();
        var written = (long)characters.Length;
        foreach (var c in characters)
        {
            if (c is < ' ' or '"' or '\\' || char.IsSurrogate(c))
                written += 5;
        }
        return written;
    }
}
