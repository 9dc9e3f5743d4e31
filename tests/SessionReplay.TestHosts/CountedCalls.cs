using System.Collections.Concurrent;
using System.Reflection;

namespace SessionReplay.TestHosts;

/// <summary>Stands before a service and notes the names of the members that are called.</summary>
public class CountedCalls<T> : DispatchProxy
    where T : class
{
    private T _inner = null!;
    private ConcurrentQueue<string> _calls = null!;

    public static T Before(T inner, ConcurrentQueue<string> calls)
    {
        var proxy = Create<T, CountedCalls<T>>();
        var counted = (CountedCalls<T>)(object)proxy;
        (counted._inner, counted._calls) = (inner, calls);
        return proxy;
    }

    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
    {
        _calls.Enqueue(targetMethod!.Name);
        return targetMethod.Invoke(_inner, BindingFlags.DoNotWrapExceptions, null, args, null);
    }
}
