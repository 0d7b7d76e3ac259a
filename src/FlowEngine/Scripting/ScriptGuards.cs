using Jint;
using Jint.Native;
using Jint.Native.Object;
using Jint.Runtime;

namespace FlowEngine.Scripting;

/// <summary>Which guards a script needs, and the guards of most built-ins. Stateless.</summary>
/// <remarks>
/// A built-in can only be reached by its name in the source, unless the source computes the names of members or uses reflection. So a
/// script that does neither pays only for the guards whose names it has; see <see cref="ScriptNames"/>.
/// </remarks>
internal static class ScriptGuards
{
    /// <summary>The guards that a script needs, and the members that it must not have.</summary>
    public static GuardedBuiltin[] For(ScriptNames names) =>
        [.. Builtins.Guarded.Concat(Builtins.RemovedMembers).Where(guard => names.ComputesNames || IsReachable(guard, names))];

    /// <summary>The globals that must be taken from a script's engine: only a name or globalThis leads to one.</summary>
    public static string[] RemovalsFor(ScriptNames names) =>
        [.. Builtins.RemovedGlobals.Where(name => names.Contains("globalThis") || names.Contains(name))];

    /// <summary>The constructors whose arguments must be looked at.</summary>
    public static KeyValuePair<string, ArgumentsGuard>[] ConstructorsFor(ScriptNames names)
    {
        var all = names.ComputesNames || names.Contains("constructor");
        return [.. Builtins.Constructors.Where(constructor => all || names.Contains(constructor.Key))];
    }

    /// <summary>Looks at the limits, and at how long the texts are that a function may convert.</summary>
    public static JsValue Checked(Engine engine, JsValue original, JsValue thisValue, JsValue[] arguments)
    {
        CheckedArguments(engine, arguments);
        return engine.Call(original, thisValue, arguments);
    }

    public static JsValue[] CheckedArguments(Engine engine, JsValue[] arguments)
    {
        var characters = 0L;
        foreach (var argument in arguments)
        {
            if (argument is JsString text)
                characters += text.Length;
        }
        if (characters > ScriptLimits.ResultText)
            throw TooLarge("A function with texts of that length");
        engine.Constraints.Check();
        return arguments;
    }

    public static JsValue OnSubject(Engine engine, JsValue original, JsValue thisValue, JsValue[] arguments)
    {
        if (thisValue.IsNull() || thisValue.IsUndefined())
            return Checked(engine, original, thisValue, arguments);
        return Checked(engine, original, Subject(thisValue), arguments);
    }

    public static JsValue OnArgument(Engine engine, JsValue original, JsValue thisValue, JsValue[] arguments) =>
        Checked(engine, original, thisValue, SubjectArguments(engine, arguments));

    /// <summary>A text that is looked through with a pattern, which may be a text itself.</summary>
    public static JsValue OnPattern(Engine engine, JsValue original, JsValue thisValue, JsValue[] arguments) =>
        OnSubject(
            engine,
            original,
            thisValue,
            arguments.Length > 0 && arguments[0] is not ObjectInstance ? Pattern(engine, arguments) : arguments
        );

    public static JsValue[] SubjectArguments(Engine engine, JsValue[] arguments)
    {
        engine.Constraints.Check();
        if (arguments.Length > 0 && (arguments[0].IsString() || (arguments[0] is ObjectInstance and not JsDate)))
            arguments = [Subject(arguments[0]), .. arguments[1..]];
        return arguments;
    }

    /// <summary>The arguments of RegExp: compiling a pattern takes hundreds of bytes for each of its characters.</summary>
    public static JsValue[] Pattern(Engine engine, JsValue[] arguments)
    {
        engine.Constraints.Check();
        if (arguments.Length == 0 || arguments[0].IsUndefined() || arguments[0] is JsRegExp)
            return arguments;
        var pattern = TypeConverter.ToString(arguments[0]);
        if (pattern.Length > ScriptLimits.PatternLength)
            throw TooLarge("A regular expression of that length");
        return [JsString.Create(pattern), .. arguments[1..]];
    }

    public static JsString Subject(JsValue value)
    {
        var text = value as JsString ?? JsString.Create(TypeConverter.ToString(value));
        return text.Length <= ScriptLimits.SubjectLength
            ? text
            : throw new MemoryLimitExceededException(
                $"A text of {text.Length} characters is too long for this function; {ScriptLimits.SubjectLength} are allowed."
            );
    }

    public static ObjectInstance ToObject(Engine engine, JsValue value) =>
        value as ObjectInstance ?? (ObjectInstance)engine.Call(engine.Intrinsics.Object, JsValue.Undefined, [value]);

    public static JsValue Argument(JsValue[] arguments, int index) => index < arguments.Length ? arguments[index] : JsValue.Undefined;

    public static MemoryLimitExceededException TooLarge(string function) => new($"{function} would take too much memory.");

    private static bool IsReachable(GuardedBuiltin guard, ScriptNames names) =>
        guard switch
        {
            { IsSymbol: true } => false,
            // "" + array calls join without naming it, and "" + error its toString.
            { Name: "join" } => true,
            { Name: "toString" } => names.Contains("toString") || names.MayHaveErrors,
            _ => names.Contains(guard.Name),
        };
}
