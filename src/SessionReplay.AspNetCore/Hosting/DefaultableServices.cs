using System.Collections;
using Microsoft.Extensions.DependencyInjection;

namespace SessionReplay.AspNetCore;

/// <summary>
/// The application's services as adapters see them: without what was registered by default or by configuration. An adapter that registers itself in code
/// thereby finds its part free, and what held it, options checks and health checks included, is taken out.
/// </summary>
internal sealed class DefaultableServices(IServiceCollection inner, Action<IServiceCollection, string> addDefault) : IServiceCollection
{
    private readonly HashSet<ServiceDescriptor> _defaults = new(ReferenceEqualityComparer.Instance);
    private readonly HashSet<string> _claimed = [];

    public int Count => Visible().Count;

    public bool IsReadOnly => inner.IsReadOnly;

    public ServiceDescriptor this[int index]
    {
        get => Visible()[index];
        set
        {
            var old = Visible()[index];
            inner[IndexInInner(old)] = value;
            Claim(value);
        }
    }

    /// <summary>Registers the defaults of all parts that nothing has been registered for.</summary>
    public void AddDefaults()
    {
        foreach (var service in Visible())
        {
            if (!service.IsKeyedService && Parts.Of(service.ServiceType) is { } part)
            {
                _claimed.Add(part);
            }
        }

        Refill();
    }

    /// <summary>Whether nothing but the default is registered for a part.</summary>
    public bool IsDefault(string part) => !_claimed.Contains(part);

    public void Add(ServiceDescriptor item)
    {
        inner.Add(item);
        Claim(item);
    }

    public void Insert(int index, ServiceDescriptor item)
    {
        var visible = Visible();
        inner.Insert(index == visible.Count ? inner.Count : IndexInInner(visible[index]), item);
        Claim(item);
    }

    public bool Remove(ServiceDescriptor item) => !_defaults.Contains(item) && inner.Remove(item);

    public void RemoveAt(int index) => inner.RemoveAt(IndexInInner(Visible()[index]));

    public void Clear()
    {
        _defaults.Clear();
        inner.Clear();
    }

    public bool Contains(ServiceDescriptor item) => !_defaults.Contains(item) && inner.Contains(item);

    public int IndexOf(ServiceDescriptor item) => Visible().IndexOf(item);

    public void CopyTo(ServiceDescriptor[] array, int arrayIndex) => Visible().CopyTo(array, arrayIndex);

    public IEnumerator<ServiceDescriptor> GetEnumerator() => Visible().GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private List<ServiceDescriptor> Visible() => [.. inner.Where(service => !_defaults.Contains(service))];

    private int IndexInInner(ServiceDescriptor item)
    {
        for (var i = 0; i < inner.Count; i++)
        {
            if (ReferenceEquals(inner[i], item))
            {
                return i;
            }
        }

        throw new InvalidOperationException("The service was removed meanwhile.");
    }

    private void Claim(ServiceDescriptor item)
    {
        if (!item.IsKeyedService && Parts.Of(item.ServiceType) is { } part && _claimed.Add(part))
        {
            Refill();
        }
    }

    // All defaults go and those that are still wanted come again: two of one assembly may have shared a registration.
    private void Refill()
    {
        for (var i = inner.Count - 1; i >= 0; i--)
        {
            if (_defaults.Contains(inner[i]))
            {
                inner.RemoveAt(i);
            }
        }

        _defaults.Clear();
        var before = new HashSet<ServiceDescriptor>(inner, ReferenceEqualityComparer.Instance);
        foreach (var part in Parts.All)
        {
            if (!_claimed.Contains(part))
            {
                addDefault(inner, part);
            }
        }

        _defaults.UnionWith(inner.Where(service => !before.Contains(service)));
    }
}
