using Jint;
using Jint.Native;
using Jint.Native.Object;
using Jint.Runtime;
using Jint.Runtime.Interop;

namespace FlowEngine.Scripting;

/// <summary>The table of guarded and removed built-ins, and which of them a script can reach. Stateless.</summary>
/// <remarks>
/// A built-in can only be reached by its name in the source, unless the source computes the names of members or uses reflection. So a script that does
/// neither pays only for the guards whose names it has; see <see cref="ScriptNames"/>.
/// </remarks>
internal static class ScriptGuards
{
    /// <summary>Globals that a script does not need and that cannot be bounded: raw memory, numbers of any size, other realms, proxies over natives.</summary>
    public static readonly string[] RemovedGlobals =
    [
        "ArrayBuffer", "SharedArrayBuffer", "DataView", "Atomics", "TypedArray", "Int8Array", "Uint8Array", "Uint8ClampedArray", "Int16Array", "Uint16Array",
        "Int32Array", "Uint32Array", "Float16Array", "Float32Array", "Float64Array", "BigInt64Array", "BigUint64Array", "BigInt", "Proxy", "ShadowRealm",
        "Intl", "Temporal", "WeakRef", "FinalizationRegistry", "eval",
    ];

    private static readonly GuardedBuiltin[] All =
    [
        .. Of(StringPrototype, Checked, "concat", "slice", "substring", "substr", "trim", "trimStart", "trimEnd", "trimLeft", "trimRight", "toUpperCase",
            "toLowerCase", "toLocaleUpperCase", "toLocaleLowerCase", "localeCompare", "indexOf", "lastIndexOf", "includes", "search", "split", "matchAll",
            "toWellFormed", "anchor", "big", "blink", "bold", "fixed", "fontcolor", "fontsize", "italics", "link", "small", "strike", "sub", "sup"),
        .. Of(StringPrototype, Repeat, "repeat"),
        .. Of(StringPrototype, Pad, "padStart", "padEnd"),
        .. Of(StringPrototype, OnSubject, "match", "normalize"),
        .. Of(StringPrototype, ReplaceInText, "replace", "replaceAll"),
        .. Of(RegExpPrototype, Checked, "exec", "test"),
        .. OfSymbols(RegExpPrototype, OnArgument, "match", "search", "split", "matchAll"),
        .. OfSymbols(RegExpPrototype, ReplaceBySymbol, "replace"),
        .. Of(ArrayPrototype, Checked, "concat", "slice", "splice", "toSorted", "toReversed", "toSpliced", "with", "join", "toLocaleString", "fill", "indexOf",
            "lastIndexOf", "includes", "reverse", "copyWithin", "sort", "map", "filter", "flatMap", "forEach", "reduce", "reduceRight", "every", "some", "find",
            "findIndex", "findLast", "findLastIndex"),
        .. Of(ArrayPrototype, Flatten, "flat"),
        .. Of(engine => engine.Intrinsics.Array, Checked, "from", "of"),
        .. Of(engine => Global(engine, "String"), Checked, "raw", "fromCharCode", "fromCodePoint"),
        .. Of(engine => engine.Intrinsics.Object, OnKeys, "assign", "entries", "keys", "values", "getOwnPropertyNames", "getOwnPropertyDescriptors",
            "getOwnPropertySymbols", "fromEntries", "groupBy", "freeze", "seal", "isFrozen", "isSealed", "defineProperties"),
        .. Of(engine => Global(engine, "Reflect"), OnKeys, "ownKeys"),
        .. Of(engine => Global(engine, "JSON"), Stringify, "stringify"),
        .. Of(engine => Global(engine, "JSON"), OnText, "parse"),
        .. Of(engine => engine.Global, OnArgument, "encodeURI", "encodeURIComponent", "decodeURI", "decodeURIComponent", "escape", "unescape"),
    ];

    /// <summary>The guards that a script needs.</summary>
    public static GuardedBuiltin[] For(ScriptNames names) =>
        // "" + array calls join without naming it.
        names.ComputesNames ? All : Array.FindAll(All, guard => !guard.IsSymbol && (names.Contains(guard.Name) || guard.Name is "join" or "toLocaleString"));

    /// <summary>The globals that must be taken from a script's engine: only a name or globalThis leads to one.</summary>
    public static string[] RemovalsFor(ScriptNames names) =>
        names.Contains("globalThis") ? RemovedGlobals : Array.FindAll(RemovedGlobals, names.Contains);

    private static IEnumerable<GuardedBuiltin> Of(Func<Engine, ObjectInstance> holder, BuiltinGuard guard, params string[] names) =>
        names.Select(name => new GuardedBuiltin(holder, name, false, guard));

    private static IEnumerable<GuardedBuiltin> OfSymbols(Func<Engine, ObjectInstance> holder, BuiltinGuard guard, params string[] names) =>
        names.Select(name => new GuardedBuiltin(holder, name, true, guard));

    private static ObjectInstance Global(Engine engine, string name) => (ObjectInstance)engine.Global.Get(name);

    private static ObjectInstance StringPrototype(Engine engine) => (ObjectInstance)Global(engine, "String").Get("prototype");

    private static ObjectInstance RegExpPrototype(Engine engine) => (ObjectInstance)Global(engine, "RegExp").Get("prototype");

    private static ObjectInstance ArrayPrototype(Engine engine) => engine.Intrinsics.Array.PrototypeObject;

    private static JsValue Argument(JsValue[] arguments, int index) => index < arguments.Length ? arguments[index] : JsValue.Undefined;

    private static JsValue Checked(Engine engine, JsValue original, JsValue thisValue, JsValue[] arguments)
    {
        engine.Constraints.Check();
        return engine.Call(original, thisValue, arguments);
    }

    private static JsValue Repeat(Engine engine, JsValue original, JsValue thisValue, JsValue[] arguments)
    {
        if (thisValue.IsNull() || thisValue.IsUndefined())
            return Checked(engine, original, thisValue, arguments);
        var text = TypeConverter.ToString(thisValue);
        var count = TypeConverter.ToNumber(Argument(arguments, 0));
        if (text.Length * count > ScriptLimits.TextLength && double.IsFinite(count))
            throw TooLarge("repeat");
        return Checked(engine, original, JsString.Create(text), [JsNumber.Create(count)]);
    }

    private static JsValue Pad(Engine engine, JsValue original, JsValue thisValue, JsValue[] arguments)
    {
        var length = TypeConverter.ToNumber(Argument(arguments, 0));
        if (length > ScriptLimits.TextLength)
            throw TooLarge("padStart or padEnd");
        return Checked(engine, original, thisValue, arguments.Length < 2 ? [JsNumber.Create(length)] : [JsNumber.Create(length), arguments[1]]);
    }

    private static JsValue OnSubject(Engine engine, JsValue original, JsValue thisValue, JsValue[] arguments)
    {
        if (thisValue.IsNull() || thisValue.IsUndefined())
            return Checked(engine, original, thisValue, arguments);
        return Checked(engine, original, Subject(thisValue), arguments);
    }

    private static JsValue OnArgument(Engine engine, JsValue original, JsValue thisValue, JsValue[] arguments) =>
        arguments.Length == 0
            ? Checked(engine, original, thisValue, arguments)
            : Checked(engine, original, thisValue, [Subject(arguments[0]), .. arguments[1..]]);

    private static JsValue OnText(Engine engine, JsValue original, JsValue thisValue, JsValue[] arguments)
    {
        if (arguments.Length > 0 && arguments[0].IsString() && ((JsString)arguments[0]).Length > ScriptLimits.TextLength)
            throw TooLarge("JSON.parse");
        return Checked(engine, original, thisValue, arguments);
    }

    /// <summary>Each character of a text and each element of an array is a key, which takes hundreds of bytes.</summary>
    private static JsValue OnKeys(Engine engine, JsValue original, JsValue thisValue, JsValue[] arguments)
    {
        foreach (var argument in arguments)
        {
            if (KeysOf(argument) > ScriptLimits.SubjectLength / 2)
                throw TooLarge("A function of Object");
        }
        return Checked(engine, original, thisValue, arguments);
    }

    /// <summary>How many keys a text or array has; 0 for plain objects and all else.</summary>
    internal static double KeysOf(JsValue value) => value switch
    {
        JsString text => text.Length,
        JsObject => 0,
        ObjectInstance obj => LengthOf(obj),
        _ => 0,
    };

    private static double LengthOf(ObjectInstance obj)
    {
        var length = obj.GetOwnProperty("length").Value;
        return length is not null && length.IsNumber() ? length.AsNumber() : 0;
    }

    private static JsValue ReplaceInText(Engine engine, JsValue original, JsValue thisValue, JsValue[] arguments)
    {
        var search = Argument(arguments, 0);
        if (thisValue.IsNull() || thisValue.IsUndefined() || search is ObjectInstance and not JsRegExp)
            return Checked(engine, original, thisValue, arguments);

        var subject = Subject(thisValue);
        if (search is not JsRegExp)
            search = JsString.Create(TypeConverter.ToString(search));
        return Checked(engine, original, subject, [search, Replacement(engine, subject, Argument(arguments, 1))]);
    }

    private static JsValue ReplaceBySymbol(Engine engine, JsValue original, JsValue thisValue, JsValue[] arguments)
    {
        var subject = Subject(Argument(arguments, 0));
        return Checked(engine, original, thisValue, [subject, Replacement(engine, subject, Argument(arguments, 1))]);
    }

    /// <summary>A replacement whose results together stay within the limit; it is counted as if every character were replaced.</summary>
    private static JsValue Replacement(Engine engine, JsString subject, JsValue replacement)
    {
        if (replacement.IsCallable())
        {
            var total = 0L;
            return new ClrFunction(engine, "", (thisValue, arguments) =>
            {
                var result = TypeConverter.ToString(engine.Call(replacement, thisValue, arguments));
                total += result.Length;
                if (total > ScriptLimits.TextLength)
                    throw TooLarge("replace");
                return JsString.Create(result);
            });
        }

        var text = TypeConverter.ToString(replacement);
        var references = text.AsSpan().Count('$');
        var largest = (subject.Length + 1L) * (text.Length + (long)references * subject.Length);
        if (references > 0 && !text.Contains("$`", StringComparison.Ordinal) && !text.Contains("$'", StringComparison.Ordinal))
        {
            // What the groups hold is, all matches together, at most the subject for each reference.
            largest = (subject.Length + 1L) * text.Length + (long)references * subject.Length;
        }
        if (largest > ScriptLimits.TextLength)
            throw TooLarge("replace");
        return JsString.Create(text);
    }

    private static JsValue Flatten(Engine engine, JsValue original, JsValue thisValue, JsValue[] arguments)
    {
        var depth = Argument(arguments, 0).IsUndefined() ? 1 : TypeConverter.ToIntegerOrInfinity(arguments[0]);
        if (depth > ScriptLimits.Depth)
            depth = ScriptLimits.Depth;
        var elements = 0;
        if (thisValue is JsArray array)
            CountElements(engine, array, (int)depth, ref elements);
        return Checked(engine, original, thisValue, [JsNumber.Create(depth)]);
    }

    private static void CountElements(Engine engine, JsArray array, int depth, ref int elements)
    {
        for (var i = 0u; i < array.Length; i++)
        {
            if (++elements > ScriptLimits.ArrayLength)
                throw TooLarge("flat");
            if (elements % 1024 == 0)
                engine.Constraints.Check();
            if (depth > 0 && array.Get(i) is JsArray nested)
                CountElements(engine, nested, depth - 1, ref elements);
        }
    }

    /// <summary>Writes JSON with a replacer that counts, so that an object which holds itself many times over cannot grow without bound. A list of names or
    /// an indentation is applied to what was written, which is bounded by then.</summary>
    private static JsValue Stringify(Engine engine, JsValue original, JsValue thisValue, JsValue[] arguments)
    {
        var replacer = Argument(arguments, 1);
        var total = 0L;
        var count = 0;
        var counting = new ClrFunction(engine, "", (holder, pair) =>
        {
            if (++count % 256 == 0)
                engine.Constraints.Check();
            var value = replacer.IsCallable() ? engine.Call(replacer, holder, pair) : pair[1];
            total += 8 + (pair[0] as JsString)?.Length ?? 8;
            if (value is JsString text)
                total += text.Length;
            if (total > ScriptLimits.TextLength)
                throw TooLarge("JSON.stringify");
            return value;
        });

        var json = Checked(engine, original, thisValue, [Argument(arguments, 0), counting]);
        var space = Argument(arguments, 2);
        var hasList = replacer is JsArray;
        if (!json.IsString() || (!hasList && space.IsUndefined()))
            return json;
        if (!space.IsUndefined() && ((JsString)json).Length > ScriptLimits.SubjectLength / 2)
            throw TooLarge("JSON.stringify with an indentation");
        var tree = engine.Call(Global(engine, "JSON").Get("parse"), JsValue.Undefined, [json]);
        return Checked(engine, original, thisValue, [tree, hasList ? replacer : JsValue.Undefined, space]);
    }

    private static JsString Subject(JsValue value)
    {
        var text = value as JsString ?? JsString.Create(TypeConverter.ToString(value));
        return text.Length <= ScriptLimits.SubjectLength
            ? text
            : throw new MemoryLimitExceededException($"A text of {text.Length} characters is too long for this function; {ScriptLimits.SubjectLength} are allowed.");
    }

    internal static MemoryLimitExceededException TooLarge(string function) => new($"{function} would take too much memory.");
}
