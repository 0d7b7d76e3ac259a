using Jint;
using Jint.Native;
using Jint.Native.Function;
using Jint.Native.Object;
using Jint.Runtime.Descriptors;

namespace FlowEngine.Scripting;

/// <summary>What makes the arguments of a constructor safe, or throws.</summary>
internal delegate JsValue[] ArgumentsGuard(Engine engine, JsValue[] arguments);

/// <summary>Per engine: stands in for a constructor whose arguments must be
/// looked at; its prototype and its functions are the original's.</summary>
internal sealed class GuardedConstructor : Constructor
{
    private readonly Constructor _original;
    private readonly ArgumentsGuard _guard;

    private GuardedConstructor(Engine engine, string name, Constructor original, ArgumentsGuard guard)
        : base(engine, name)
    {
        (_original, _guard) = (original, guard);
        foreach (var key in original.GetOwnPropertyKeys())
            SetOwnProperty(key, original.GetOwnProperty(key));
    }

    /// <summary>Puts it into the engine's globals, and as the constructor that the prototype names.</summary>
    public static void Install(Engine engine, string name, ArgumentsGuard guard)
    {
        var stand = new GuardedConstructor(engine, name, (Constructor)engine.Global.Get(name), guard);
        engine.Global.FastSetProperty(name, new PropertyDescriptor(stand, writable: true, enumerable: false, configurable: true));
        ((ObjectInstance)stand.Get("prototype")).DefineOwnProperty(
            "constructor",
            new PropertyDescriptor(stand, writable: true, enumerable: false, configurable: true)
        );
    }

    /// <inheritdoc/>
    public override ObjectInstance Construct(JsValue[] arguments, JsValue newTarget) =>
        _original.Construct(_guard(Engine, arguments), ReferenceEquals(newTarget, this) ? _original : newTarget);

    /// <inheritdoc/>
    protected override JsValue Call(JsValue thisObject, JsValue[] arguments) =>
        Engine.Call(_original, thisObject, _guard(Engine, arguments));
}
