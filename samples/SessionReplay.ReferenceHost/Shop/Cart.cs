namespace SessionReplay.ReferenceHost.Shop;

/// <summary>The visitor's cart, kept in a cookie: the shop has no database.</summary>
public sealed class Cart(IHttpContextAccessor accessor)
{
    private const string CookieName = "cart";

    private HttpContext Context => accessor.HttpContext ?? throw new InvalidOperationException("A cart belongs to a request.");

    public IReadOnlyList<CartLine> Lines => Read()
        .Select(line => (Product: Assortment.Find(line.Key), Quantity: line.Value))
        .Where(line => line.Product is not null)
        .Select(line => new CartLine(line.Product!, line.Quantity))
        .ToList();

    public int Count => Read().Values.Sum();

    public decimal Total => Lines.Sum(line => line.Total);

    public void Add(string slug, int quantity) => Set(slug, Read().GetValueOrDefault(slug) + quantity);

    /// <summary>Sets how many of a product are in the cart; 0 takes it out, 20 is the most.</summary>
    public void Set(string slug, int quantity)
    {
        var lines = Read();
        lines.Remove(slug);
        if (quantity > 0 && Assortment.Find(slug) is not null)
        {
            lines[slug] = Math.Min(quantity, 20);
        }

        Write(lines);
    }

    public void Clear() => Write([]);

    private Dictionary<string, int> Read()
    {
        if (Context.Items.TryGetValue(typeof(Cart), out var known) && known is Dictionary<string, int> lines)
        {
            return lines;
        }

        lines = [];
        foreach (var part in (Context.Request.Cookies[CookieName] ?? string.Empty).Split('.', StringSplitOptions.RemoveEmptyEntries))
        {
            var pair = part.Split(':');
            if (pair.Length == 2 && int.TryParse(pair[1], out var quantity) && quantity is > 0 and <= 20
                && Assortment.Find(pair[0]) is not null)
            {
                lines[pair[0]] = quantity;
            }
        }

        Context.Items[typeof(Cart)] = lines;
        return lines;
    }

    private void Write(Dictionary<string, int> lines)
    {
        Context.Items[typeof(Cart)] = lines;
        Context.Response.Cookies.Append(
            CookieName,
            string.Join('.', lines.Select(line => $"{line.Key}:{line.Value}")),
            new CookieOptions { HttpOnly = true, SameSite = SameSiteMode.Lax, IsEssential = true });
    }
}
