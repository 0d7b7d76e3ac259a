using Jint;
using Jint.Native;
using Jint.Native.Object;
using Jint.Runtime.Descriptors;
using Jint.Runtime.Interop;

namespace FlowEngine.Scripting;

/// <summary>What stands between a script and one built-in function: it checks the limits and the sizes, then calls the original.</summary>
internal delegate JsValue BuiltinGuard(Engine engine, JsValue original, JsValue thisValue, JsValue[] arguments);

/// <summary>
/// Shared and immutable: a built-in that could use more time or memory in one call than the limits allow, because Jint checks its limits
/// between statements and every 10,000 turns of a native loop; or one that scripts may not have.
/// </summary>
/// <param name="HolderName">The name of the object it is a member of.</param>
/// <param name="Holder">Finds that object.</param>
/// <param name="Name">Its name; for a well-known symbol, the symbol's.</param>
/// <param name="IsSymbol">Whether it is a member by a well-known symbol.</param>
/// <param name="Guard">The guard; null to take the member away.</param>
internal sealed record GuardedBuiltin(
    string HolderName,
    Func<Engine, ObjectInstance> Holder,
    string Name,
    bool IsSymbol,
    BuiltinGuard? Guard
)
{
    /// <summary>The name, a well-known symbol's with an <c>@</c>.</summary>
    public string Key => IsSymbol ? "@" + Name : Name;

    public static GuardedBuiltin Of(string holderName, Func<Engine, ObjectInstance> holder, string key, BuiltinGuard? guard) =>
        new(holderName, holder, key.TrimStart('@'), key.StartsWith('@'), guard);

    public void Install(Engine engine)
    {
        var holder = Holder(engine);
        JsValue key = IsSymbol ? engine.Global.Get("Symbol").Get(Name) : JsString.Create(Name);
        var original = holder.GetOwnProperty(key);
        if (original == PropertyDescriptor.Undefined)
            return;
        if (Guard is null)
        {
            holder.RemoveOwnProperty(key);
            return;
        }

        // Made when the script first reads it: most scripts use few of them.
        holder.FastSetProperty(
            key,
            PropertyDescriptor.CreateLazy(
                (engine, original, Guard, Name),
                static state =>
                {
                    var (engine, original, guard, name) = state;
                    var function = original.Value;
                    return new ClrFunction(
                        engine,
                        name,
                        (thisValue, arguments) => guard(engine, function, thisValue, arguments),
                        (int)function.Get("length").AsNumber()
                    );
                },
                PropertyFlag.NonEnumerable
            )
        );
    }
}
