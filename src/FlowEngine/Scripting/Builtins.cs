using Jint;
using Jint.Native;
using Jint.Native.Object;

namespace FlowEngine.Scripting;

/// <summary>
/// Shared and immutable: the built-ins that scripts may have. What stands in no list here is taken away, so that a built-in that a later
/// Jint brings is not there before somebody has looked at what it costs.
/// </summary>
internal static class Builtins
{
    /// <summary>The objects that have built-ins, by name; where a prototype
    /// is no member of a global, an expression that leads to it.</summary>
    public static IReadOnlyDictionary<string, Func<Engine, ObjectInstance>> Holders { get; } =
        new Dictionary<string, Func<Engine, ObjectInstance>>([
            new("global", engine => engine.Global),
            .. Members(
                "Object",
                "Function",
                "Array",
                "String",
                "Number",
                "Boolean",
                "Symbol",
                "Math",
                "JSON",
                "Reflect",
                "Date",
                "RegExp",
                "Map",
                "Set",
                "WeakMap",
                "WeakSet",
                "Promise",
                "Iterator",
                "Error",
                "AggregateError",
                "EvalError",
                "RangeError",
                "ReferenceError",
                "SyntaxError",
                "TypeError",
                "URIError",
                "SuppressedError",
                "DisposableStack",
                "AsyncDisposableStack"
            ),
            .. Members(
                "Object.prototype",
                "Function.prototype",
                "Array.prototype",
                "String.prototype",
                "Number.prototype",
                "Boolean.prototype",
                "Symbol.prototype",
                "Date.prototype",
                "RegExp.prototype",
                "Map.prototype",
                "Set.prototype",
                "WeakMap.prototype",
                "WeakSet.prototype",
                "Promise.prototype",
                "Iterator.prototype",
                "Error.prototype",
                "AggregateError.prototype",
                "EvalError.prototype",
                "RangeError.prototype",
                "ReferenceError.prototype",
                "SyntaxError.prototype",
                "TypeError.prototype",
                "URIError.prototype",
                "SuppressedError.prototype",
                "DisposableStack.prototype",
                "AsyncDisposableStack.prototype"
            ),
            .. Evaluated(
                ("%ArrayIterator%", "[][Symbol.iterator]()"),
                ("%StringIterator%", "''[Symbol.iterator]()"),
                ("%MapIterator%", "new Map().entries()"),
                ("%SetIterator%", "new Set().values()"),
                ("%RegExpStringIterator%", "'a'.matchAll(/a/g)"),
                ("%IteratorHelper%", "[].values().map(x => x)"),
                ("%WrapForValidIterator%", "Iterator.from({ next() {} })"),
                ("%GeneratorFunction%", "(function* () {})"),
                ("%AsyncFunction%", "(async function () {})"),
                ("%AsyncGeneratorFunction%", "(async function* () {})"),
                ("%Generator%", "Object.getPrototypeOf(function* () {}.prototype)"),
                ("%AsyncGenerator%", "Object.getPrototypeOf(async function* () {}.prototype)"),
                ("%AsyncIterator%", "Object.getPrototypeOf(Object.getPrototypeOf(async function* () {}.prototype))")
            ),
        ]);

    /// <summary>What costs next to nothing, whatever it is given: it converts
    /// nothing, copies nothing and goes through nothing. By holder.</summary>
    public static IReadOnlyDictionary<string, string> Free { get; } =
        new Dictionary<string, string>
        {
            ["global"] = """
                globalThis NaN Infinity undefined Object Function Array Boolean Symbol Math JSON Reflect WeakMap WeakSet Promise Iterator
                Error AggregateError EvalError RangeError ReferenceError SyntaxError TypeError URIError SuppressedError DisposableStack AsyncDisposableStack
                """,
            ["Object"] = "prototype is isExtensible getPrototypeOf create",
            ["Object.prototype"] = "constructor valueOf isPrototypeOf __proto__",
            ["Function"] = "prototype",
            ["Function.prototype"] = "constructor call apply bind toString @hasInstance caller arguments",
            ["Array"] = "prototype isArray @species",
            ["Array.prototype"] = "constructor push pop keys values entries toString @iterator @unscopables",
            ["String"] = "prototype",
            ["String.prototype"] = "constructor toString valueOf @iterator",
            ["Number"] = "prototype isFinite isInteger isNaN isSafeInteger",
            ["Number.prototype"] = "constructor valueOf toString toFixed toExponential toPrecision toLocaleString",
            ["Boolean"] = "prototype",
            ["Boolean.prototype"] = "constructor toString valueOf",
            ["Symbol"] = "prototype",
            ["Symbol.prototype"] = "constructor toString valueOf description @toPrimitive",
            ["Math"] = "random",
            ["Date"] = "prototype now",
            ["Date.prototype"] = """
                constructor getDate getDay getFullYear getHours getMilliseconds getMinutes getMonth getSeconds getTime getTimezoneOffset
                getUTCDate getUTCDay getUTCFullYear getUTCHours getUTCMilliseconds getUTCMinutes getUTCMonth getUTCSeconds getYear
                toDateString toISOString toJSON toLocaleDateString toLocaleString
                toLocaleTimeString toString toTimeString toUTCString toGMTString valueOf @toPrimitive
                """,
            ["RegExp"] = "prototype @species",
            ["RegExp.prototype"] = "constructor dotAll flags global hasIndices ignoreCase multiline source sticky unicode unicodeSets",
            ["Map"] = "prototype @species",
            ["Map.prototype"] = "constructor clear size keys values entries @iterator",
            ["Set"] = "prototype @species",
            ["Set.prototype"] = "constructor clear size keys values entries @iterator",
            ["WeakMap"] = "prototype",
            ["WeakMap.prototype"] = "constructor delete get has set getOrInsert getOrInsertComputed",
            ["WeakSet"] = "prototype",
            ["WeakSet.prototype"] = "constructor add delete has",
            ["Promise"] = "prototype resolve reject try withResolvers @species",
            ["Promise.prototype"] = "constructor then catch finally",
            ["Iterator"] = "prototype from",
            ["Iterator.prototype"] = "constructor drop filter flatMap map take next @iterator @dispose @toStringTag",
            ["Error"] = "prototype isError",
            ["Error.prototype"] = "constructor stack",
            ["AggregateError"] = "prototype",
            ["AggregateError.prototype"] = "constructor",
            ["EvalError"] = "prototype isError",
            ["EvalError.prototype"] = "constructor",
            ["RangeError"] = "prototype isError",
            ["RangeError.prototype"] = "constructor",
            ["ReferenceError"] = "prototype isError",
            ["ReferenceError.prototype"] = "constructor",
            ["SyntaxError"] = "prototype isError",
            ["SyntaxError.prototype"] = "constructor",
            ["TypeError"] = "prototype isError",
            ["TypeError.prototype"] = "constructor",
            ["URIError"] = "prototype isError",
            ["URIError.prototype"] = "constructor",
            ["SuppressedError"] = "prototype",
            ["SuppressedError.prototype"] = "constructor",
            ["DisposableStack"] = "prototype",
            ["DisposableStack.prototype"] = "constructor adopt defer dispose move use disposed @dispose",
            ["AsyncDisposableStack"] = "prototype",
            ["AsyncDisposableStack.prototype"] = "constructor adopt defer disposeAsync move use disposed @asyncDispose",
            ["%ArrayIterator%"] = "next",
            ["%StringIterator%"] = "next",
            ["%MapIterator%"] = "next",
            ["%SetIterator%"] = "next",
            ["%RegExpStringIterator%"] = "next",
            ["%IteratorHelper%"] = "next return",
            ["%WrapForValidIterator%"] = "next return",
            ["%GeneratorFunction%"] = "constructor prototype",
            ["%AsyncFunction%"] = "constructor",
            ["%AsyncGeneratorFunction%"] = "constructor prototype",
            ["%Generator%"] = "constructor next return throw",
            ["%AsyncGenerator%"] = "constructor next return throw",
            ["%AsyncIterator%"] = "@asyncIterator @asyncDispose",
        };

    /// <summary>What is guarded.</summary>
    public static IReadOnlyList<GuardedBuiltin> Guarded { get; } =
    [
        .. Guard(
            "global",
            ScriptGuards.OnArgument,
            "encodeURI encodeURIComponent decodeURI decodeURIComponent escape unescape isFinite isNaN parseFloat parseInt"
        ),
        .. Guard("global", ScriptGuards.Checked, "toString"),
        .. Guard(
            "Object",
            CollectionGuards.OnKeys,
            """
            assign entries keys values getOwnPropertyNames getOwnPropertyDescriptors getOwnPropertySymbols freeze seal isFrozen isSealed
            defineProperties preventExtensions
            """
        ),
        .. Guard("Object", CollectionGuards.FromEntries, "fromEntries"),
        .. Guard("Object", CollectionGuards.Group, "groupBy"),
        .. Guard("Object", ScriptGuards.Checked, "defineProperty getOwnPropertyDescriptor hasOwn setPrototypeOf"),
        .. Guard(
            "Object.prototype",
            ScriptGuards.Checked,
            """
            hasOwnProperty propertyIsEnumerable toLocaleString toString __defineGetter__ __defineSetter__ __lookupGetter__ __lookupSetter__
            """
        ),
        .. Guard("Array", ScriptGuards.Checked, "from of"),
        .. Guard("Array.prototype", CollectionGuards.Concat, "concat"),
        .. Guard(
            "Array.prototype",
            CollectionGuards.OnElements,
            """
            slice splice toReversed toSpliced with fill reverse copyWithin map filter flatMap forEach reduce reduceRight every some find findIndex
            findLast findLastIndex shift unshift at
            """
        ),
        .. Guard("Array.prototype", TextGuards.SearchElements, "indexOf lastIndexOf includes"),
        .. Guard("Array.prototype", CollectionGuards.Sort, "sort toSorted"),
        .. Guard("Array.prototype", CollectionGuards.Flatten, "flat"),
        .. Guard("Array.prototype", TextGuards.Join, "join"),
        .. Guard("Array.prototype", TextGuards.JoinLocale, "toLocaleString"),
        .. Guard("String", ScriptGuards.Checked, "fromCharCode fromCodePoint"),
        .. Guard("String", TextGuards.Raw, "raw"),
        .. Guard(
            "String.prototype",
            ScriptGuards.Checked,
            """
            slice substring substr trim trimStart trimEnd trimLeft trimRight toUpperCase toLowerCase toLocaleUpperCase toLocaleLowerCase
            isWellFormed toWellFormed anchor big blink bold fixed fontcolor fontsize italics link small strike sub sup
            at charAt charCodeAt codePointAt startsWith endsWith
            """
        ),
        .. Guard("String.prototype", TextGuards.Search, "indexOf lastIndexOf includes split"),
        .. Guard("String.prototype", TextGuards.Concat, "concat"),
        .. Guard("String.prototype", TextGuards.Repeat, "repeat"),
        .. Guard("String.prototype", TextGuards.Pad, "padStart padEnd"),
        .. Guard("String.prototype", ScriptGuards.OnPattern, "match matchAll search"),
        .. Guard("String.prototype", ScriptGuards.OnSubject, "normalize localeCompare"),
        .. Guard("String.prototype", TextGuards.ReplaceInText, "replace replaceAll"),
        .. Guard("Number", ScriptGuards.OnArgument, "parseFloat parseInt"),
        .. Guard("Symbol", ScriptGuards.Checked, "for keyFor"),
        .. Guard(
            "Math",
            ScriptGuards.Checked,
            """
            abs acos acosh asin asinh atan atan2 atanh cbrt ceil clz32 cos cosh exp expm1 f16round floor fround hypot imul log log10 log1p log2
            max min pow round sign sin sinh sqrt sumPrecise tan tanh trunc
            """
        ),
        .. Guard("JSON", JsonGuards.Stringify, "stringify"),
        .. Guard("JSON", JsonGuards.Parse, "parse"),
        .. Guard("Reflect", CollectionGuards.OnKeys, "ownKeys"),
        .. Guard(
            "Reflect",
            ScriptGuards.Checked,
            """
            apply construct defineProperty deleteProperty get getOwnPropertyDescriptor getPrototypeOf has isExtensible
            preventExtensions set setPrototypeOf
            """
        ),
        .. Guard("Date", ScriptGuards.OnArgument, "parse UTC"),
        .. Guard(
            "Date.prototype",
            ScriptGuards.Checked,
            """
            setDate setFullYear setHours setMilliseconds setMinutes setMonth setSeconds setTime setUTCDate setUTCFullYear setUTCHours
            setUTCMilliseconds setUTCMinutes setUTCMonth setUTCSeconds setYear
            """
        ),
        .. Guard("RegExp", ScriptGuards.OnArgument, "escape"),
        .. Guard("RegExp.prototype", ScriptGuards.OnArgument, "exec test"),
        .. Guard("RegExp.prototype", ScriptGuards.Checked, "toString"),
        .. Guard("RegExp.prototype", ScriptGuards.OnArgument, "@match @search @split @matchAll"),
        .. Guard("RegExp.prototype", TextGuards.ReplaceBySymbol, "@replace"),
        .. Guard("Map", CollectionGuards.Group, "groupBy"),
        .. Guard("Map.prototype", ScriptGuards.Checked, "delete forEach get has set getOrInsert getOrInsertComputed"),
        .. Guard(
            "Set.prototype",
            ScriptGuards.Checked,
            """
            add delete has forEach difference intersection isDisjointFrom isSubsetOf isSupersetOf symmetricDifference union
            """
        ),
        .. Guard("Promise", CollectionGuards.OnIterable, "all allSettled any race"),
        .. Guard("Iterator.prototype", ScriptGuards.Checked, "every find forEach reduce some toArray"),
        .. Guard("Error.prototype", ScriptGuards.Checked, "toString"),
        .. ErrorTexts("EvalError", "RangeError", "ReferenceError", "SyntaxError", "TypeError", "URIError"),
    ];

    /// <summary>The constructors whose arguments are looked at.</summary>
    public static IReadOnlyDictionary<string, ArgumentsGuard> Constructors { get; } =
        new Dictionary<string, ArgumentsGuard>
        {
            ["RegExp"] = ScriptGuards.Pattern,
            ["String"] = ScriptGuards.CheckedArguments,
            ["Number"] = ScriptGuards.SubjectArguments,
            ["Date"] = ScriptGuards.SubjectArguments,
            ["Map"] = CollectionGuards.Elements,
            ["Set"] = CollectionGuards.Elements,
        };

    /// <summary>The globals that are taken away: whatever is in no list.</summary>
    public static IReadOnlyList<string> RemovedGlobals { get; } = [.. Names(new Engine().Global).Where(name => !IsListed("global", name))];

    /// <summary>The members that are taken away, from objects that stay.</summary>
    public static IReadOnlyList<GuardedBuiltin> RemovedMembers { get; } = [.. FindRemoved()];

    /// <summary>Whether a member of a holder is in a list.</summary>
    /// <param name="holder">The holder's name.</param>
    /// <param name="name">The member's; a well-known symbol's begins with <c>@</c>.</param>
    public static bool IsListed(string holder, string name) =>
        Array.IndexOf(Words(Free.GetValueOrDefault(holder, "")), name) >= 0
        || Guarded.Any(guard => guard.HolderName == holder && guard.Key == name)
        || (holder == "global" && Constructors.ContainsKey(name));

    /// <summary>The names of the members of an object that are functions or accessors, and of the globals all.</summary>
    public static IEnumerable<string> Names(ObjectInstance holder)
    {
        foreach (var key in holder.GetOwnPropertyKeys())
        {
            var property = holder.GetOwnProperty(key);
            if (holder is Jint.Native.Global.GlobalObject || property.Get is not null || property.Value is ObjectInstance)
                yield return key is JsSymbol symbol ? "@" + symbol.ToString()["Symbol(Symbol.".Length..^1] : key.ToString();
        }
    }

    private static IEnumerable<GuardedBuiltin> FindRemoved()
    {
        var engine = new Engine();
        foreach (var (name, find) in Holders)
        {
            foreach (var member in Names(find(engine)))
            {
                if (name != "global" && !IsListed(name, member))
                    yield return GuardedBuiltin.Of(name, find, member, null);
            }
        }
    }

    private static IEnumerable<KeyValuePair<string, Func<Engine, ObjectInstance>>> Members(params string[] paths) =>
        paths.Select(path =>
        {
            var dot = path.IndexOf('.', StringComparison.Ordinal);
            var name = dot < 0 ? path : path[..dot];
            return KeyValuePair.Create<string, Func<Engine, ObjectInstance>>(
                path,
                dot < 0
                    ? engine => (ObjectInstance)engine.Global.Get(name)
                    : engine => (ObjectInstance)engine.Global.Get(name).Get("prototype")
            );
        });

    /// <summary>Prototypes of what expressions result in.</summary>
    private static IEnumerable<KeyValuePair<string, Func<Engine, ObjectInstance>>> Evaluated(
        params (string Name, string Expression)[] prototypes
    ) =>
        prototypes.Select(prototype =>
            KeyValuePair.Create<string, Func<Engine, ObjectInstance>>(
                prototype.Name,
                engine =>
                    (ObjectInstance)engine.Evaluate(prototype.Expression) is var value
                    && prototype.Expression.StartsWith("Object.", StringComparison.Ordinal)
                        ? value
                        : value.Prototype!
            )
        );

    private static IEnumerable<GuardedBuiltin> Guard(string holder, BuiltinGuard guard, string names) =>
        Words(names).Select(name => GuardedBuiltin.Of(holder, Holders[holder], name, guard));

    private static IEnumerable<GuardedBuiltin> ErrorTexts(params string[] types) =>
        types.SelectMany(type => Guard(type + ".prototype", ScriptGuards.Checked, "toString"));

    private static string[] Words(string text) => text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
}
