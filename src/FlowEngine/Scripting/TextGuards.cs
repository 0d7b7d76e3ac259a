using System.Text;
using Jint;
using Jint.Native;
using Jint.Native.Object;
using Jint.Runtime;
using Jint.Runtime.Interop;

namespace FlowEngine.Scripting;

/// <summary>Guards of the built-ins that make or search texts: how long the
/// result will be is known before memory is taken for it. Stateless.</summary>
internal static class TextGuards
{
    /// <summary>How many characters of one text may be compared with how many of another.</summary>
    private const double MaxComparisons = 1 << 28;

    /// <summary>The arrays whose texts are being made on this thread: one that
    /// holds itself is empty there, as ECMA-262 implementations agree.</summary>
    [ThreadStatic]
    private static List<ObjectInstance>? _joining;

    public static JsValue Join(Engine engine, JsValue original, JsValue thisValue, JsValue[] arguments)
    {
        if (IsNothing(thisValue))
            return ScriptGuards.Checked(engine, original, thisValue, arguments);
        var separator = ScriptGuards.Argument(arguments, 0);
        return Join(engine, thisValue, separator.IsUndefined() ? "," : TypeConverter.ToString(separator), TypeConverter.ToString);
    }

    public static JsValue JoinLocale(Engine engine, JsValue original, JsValue thisValue, JsValue[] arguments)
    {
        if (IsNothing(thisValue))
            return ScriptGuards.Checked(engine, original, thisValue, arguments);
        return Join(
            engine,
            thisValue,
            ",",
            value => TypeConverter.ToString(engine.Call(ScriptGuards.ToObject(engine, value).Get("toLocaleString"), value, []))
        );
    }

    public static JsValue Concat(Engine engine, JsValue original, JsValue thisValue, JsValue[] arguments)
    {
        if (IsNothing(thisValue))
            return ScriptGuards.Checked(engine, original, thisValue, arguments);
        var texts = new string[arguments.Length + 1];
        var length = 0L;
        for (var i = 0; i < texts.Length; i++)
        {
            if (i % 64 == 0)
                engine.Constraints.Check();
            texts[i] = TypeConverter.ToString(i == 0 ? thisValue : arguments[i - 1]);
            length = Add(length, texts[i].Length, "concat");
        }
        return JsString.Create(string.Concat(texts));
    }

    public static JsValue Raw(Engine engine, JsValue original, JsValue thisValue, JsValue[] arguments)
    {
        if (arguments.Length == 0 || arguments[0] is not ObjectInstance template || template.Get("raw") is not ObjectInstance pieces)
            return ScriptGuards.Checked(engine, original, thisValue, arguments);
        var count = LengthOf(pieces);
        var text = new StringBuilder();
        for (var i = 0L; i < count; i++)
        {
            engine.Constraints.Check();
            Append(text, TypeConverter.ToString(pieces.Get(JsNumber.Create(i))), "raw");
            if (i + 1 < count && i + 1 < arguments.Length)
                Append(text, TypeConverter.ToString(arguments[i + 1]), "raw");
        }
        return JsString.Create(text.ToString());
    }

    public static JsValue Repeat(Engine engine, JsValue original, JsValue thisValue, JsValue[] arguments)
    {
        if (IsNothing(thisValue))
            return ScriptGuards.Checked(engine, original, thisValue, arguments);
        var text = TypeConverter.ToString(thisValue);
        var count = TypeConverter.ToNumber(ScriptGuards.Argument(arguments, 0));
        if (text.Length * count > ScriptLimits.TextLength && double.IsFinite(count))
            throw ScriptGuards.TooLarge("repeat");
        return ScriptGuards.Checked(engine, original, JsString.Create(text), [JsNumber.Create(count)]);
    }

    public static JsValue Pad(Engine engine, JsValue original, JsValue thisValue, JsValue[] arguments)
    {
        var length = TypeConverter.ToNumber(ScriptGuards.Argument(arguments, 0));
        if (length > ScriptLimits.TextLength)
            throw ScriptGuards.TooLarge("padStart or padEnd");
        return ScriptGuards.Checked(
            engine,
            original,
            thisValue,
            arguments.Length < 2 ? [JsNumber.Create(length)] : [JsNumber.Create(length), arguments[1]]
        );
    }

    /// <summary>Looking for a text in a text compares, at worst, each character of the one with each of the other.</summary>
    public static JsValue Search(Engine engine, JsValue original, JsValue thisValue, JsValue[] arguments)
    {
        if (IsNothing(thisValue) || ScriptGuards.Argument(arguments, 0) is ObjectInstance)
            return ScriptGuards.Checked(engine, original, thisValue, arguments);
        var text = TypeConverter.ToString(thisValue);
        if (arguments.Length > 0)
            CheckSearch(text.Length, arguments[0]);
        return ScriptGuards.Checked(engine, original, JsString.Create(text), arguments);
    }

    /// <summary>Looking for a text among the elements of an array.</summary>
    public static JsValue SearchElements(Engine engine, JsValue original, JsValue thisValue, JsValue[] arguments)
    {
        CollectionGuards.CheckLength(thisValue);
        if (thisValue is ObjectInstance array)
            CheckSearch(LengthOf(array), ScriptGuards.Argument(arguments, 0));
        return ScriptGuards.Checked(engine, original, thisValue, arguments);
    }

    public static JsValue ReplaceInText(Engine engine, JsValue original, JsValue thisValue, JsValue[] arguments)
    {
        var search = ScriptGuards.Argument(arguments, 0);
        if (IsNothing(thisValue) || search is ObjectInstance and not JsRegExp)
            return ScriptGuards.Checked(engine, original, thisValue, arguments);

        var subject = ScriptGuards.Subject(thisValue);
        if (search is not JsRegExp)
        {
            search = JsString.Create(TypeConverter.ToString(search));
            CheckSearch(subject.Length, search);
        }
        return ScriptGuards.Checked(engine, original, subject, [search, Replacement(engine, subject, ScriptGuards.Argument(arguments, 1))]);
    }

    public static JsValue ReplaceBySymbol(Engine engine, JsValue original, JsValue thisValue, JsValue[] arguments)
    {
        var subject = ScriptGuards.Subject(ScriptGuards.Argument(arguments, 0));
        return ScriptGuards.Checked(
            engine,
            original,
            thisValue,
            [subject, Replacement(engine, subject, ScriptGuards.Argument(arguments, 1))]
        );
    }

    private static JsString Join(Engine engine, JsValue thisValue, string separator, Func<JsValue, string> toText)
    {
        var array = ScriptGuards.ToObject(engine, thisValue);
        var count = LengthOf(array);
        if (Math.Max(0, count - 1) * separator.Length > ScriptLimits.TextLength)
            throw ScriptGuards.TooLarge("join");

        var joining = _joining ??= [];
        if (joining.Contains(array))
            return JsString.Empty;
        joining.Add(array);
        try
        {
            System.Runtime.CompilerServices.RuntimeHelpers.EnsureSufficientExecutionStack();
            var text = new StringBuilder();
            for (var i = 0L; i < count; i++)
            {
                if (i > 0)
                    Append(text, separator, "join");
                var element = array is JsArray own && i < own.Length ? own.Get((uint)i) : array.Get(JsNumber.Create(i));
                if (element.IsString() || element is ObjectInstance || i % 64 == 0)
                    engine.Constraints.Check();
                if (!IsNothing(element))
                    Append(text, toText(element), "join");
            }
            return JsString.Create(text.ToString());
        }
        finally
        {
            joining.RemoveAt(joining.Count - 1);
        }
    }

    /// <summary>A replacement whose results together stay within the limit; it is counted as if every character were replaced.</summary>
    private static JsValue Replacement(Engine engine, JsString subject, JsValue replacement)
    {
        if (replacement.IsCallable())
        {
            var total = 0L;
            return new ClrFunction(
                engine,
                "",
                (thisValue, arguments) =>
                {
                    var result = TypeConverter.ToString(ScriptGuards.Checked(engine, replacement, thisValue, arguments));
                    total = Add(total, result.Length, "replace");
                    return JsString.Create(result);
                }
            );
        }

        var text = TypeConverter.ToString(replacement);
        var references = text.AsSpan().Count('$');
        var largest = (subject.Length + 1L) * (text.Length + (long)references * subject.Length);
        if (references > 0 && !text.Contains("$`", StringComparison.Ordinal) && !text.Contains("$'", StringComparison.Ordinal))
        {
            // What the groups hold is, all matches together, at most the subject for each reference.
            largest = (subject.Length + 1L) * text.Length + (long)references * subject.Length;
        }
        if (largest > ScriptLimits.TextLength * 4L)
            throw ScriptGuards.TooLarge("replace");
        return JsString.Create(text);
    }

    private static void CheckSearch(double length, JsValue sought)
    {
        if (sought is JsString { Length: > 64 } text && length * text.Length > MaxComparisons)
            throw new TimeoutException("Looking for a text of that length would take too long.");
    }

    private static long Add(long length, int more, string function) =>
        length + more <= ScriptLimits.TextLength ? length + more : throw ScriptGuards.TooLarge(function);

    private static void Append(StringBuilder text, string more, string function)
    {
        Add(text.Length, more.Length, function);
        text.Append(more);
    }

    private static long LengthOf(ObjectInstance obj) =>
        obj is JsArray array ? array.Length : (long)Math.Clamp(TypeConverter.ToIntegerOrInfinity(obj.Get("length")), 0, 9007199254740991);

    private static bool IsNothing(JsValue value) => value.IsNull() || value.IsUndefined();
}
