namespace SessionReplay.ReferenceHost.Shop;

/// <summary>What the shop sells.</summary>
public static class Assortment
{
    public static IReadOnlyList<Category> Categories { get; } =
    [
        new("tents", "Tents & shelter", "Rooms with better views"),
        new("packs", "Packs & bags", "Everything you need, nothing you don't"),
        new("kitchen", "Camp kitchen", "Coffee tastes better outside"),
        new("light", "Light & warmth", "For after the sun has gone"),
    ];

    public static IReadOnlyList<Product> Products { get; } =
    [
        new("ridge-2", "Ridge 2 tent", "tents", 389.00m, "tent", 152, "Two people, four seasons, 1.9 kg",
            ["3,000 mm water column", "Pitches in four minutes", "Two doors, two porches"]),
        new("ridge-4", "Ridge 4 tent", "tents", 549.00m, "tent", 24, "Room for four and their wet boots",
            ["Standing height 1.85 m", "Colour-coded poles", "Groundsheet included"]),
        new("lean-to", "Lean-to tarp", "tents", 119.00m, "tarp", 205, "3 × 4 m of dry",
            ["Sixteen tie-outs", "560 g with lines", "Packs to a fist"]),
        new("drift-hammock", "Drift hammock", "tents", 94.50m, "tarp", 330, "Between any two trees",
            ["Bug net zips off", "Holds 180 kg", "Straps that spare the bark"]),
        new("bivvy", "One-night bivvy", "tents", 149.00m, "tent", 48, "When plans change above the tree line",
            ["Breathable membrane", "410 g", "Reflective lines"]),
        new("fell-30", "Fell 30 daypack", "packs", 129.00m, "pack", 18, "A day in any weather",
            ["Ventilated back", "Rain cover inside", "Fits a 2 l bladder"]),
        new("fell-55", "Fell 55 trekking pack", "packs", 219.00m, "pack", 172, "A week on your back, lightly",
            ["Adjustable torso", "Floating lid", "1.55 kg"]),
        new("harbour-duffel", "Harbour duffel", "packs", 99.00m, "pack", 222, "Survives baggage belts and boat decks",
            ["40 litres", "Welded seams", "Straps to carry it as a pack"]),
        new("dry-set", "Dry bag set", "packs", 34.90m, "pack", 285, "Three sizes, all of them dry",
            ["2, 5 and 10 litres", "Roll-top", "See-through base"]),
        new("hip-pouch", "Hip pouch", "packs", 29.00m, "pack", 95, "Snacks within reach", ["1.5 litres", "Fits any belt", "Mesh pocket"]),
        new("ember-stove", "Ember gas stove", "kitchen", 64.00m, "stove", 12, "Boils a litre in three minutes",
            ["82 g", "Piezo lighter", "Wind-proof burner head"]),
        new("kettle", "Enamel kettle", "kitchen", 42.00m, "mug", 200, "1.2 l for the whole camp",
            ["Works on open fire", "Cool-grip handle", "Dishwasher safe, if you must"]),
        new("mug-pair", "Pair of enamel mugs", "kitchen", 24.00m, "mug", 350, "Chipped edges come with time",
            ["350 ml each", "Nest together", "Steel core"]),
        new("pot-set", "Nesting pot set", "kitchen", 79.00m, "mug", 130, "Two pots, a pan, one lid",
            ["Hard-anodised", "Serves three", "610 g"]),
        new("spice-roll", "Spice roll", "kitchen", 19.50m, "stove", 40, "Because dinner is morale",
            ["Six tins", "Waxed canvas", "Hand-stitched"]),
        new("beam-400", "Beam 400 head torch", "light", 59.00m, "lamp", 55, "400 lumens, red light for the stars",
            ["USB-C", "40 h on low", "IPX6"]),
        new("glow-lantern", "Glow lantern", "light", 39.00m, "lamp", 32, "Warm white for the table",
            ["Hangs or stands", "Dims without steps", "Charges a phone"]),
        new("wool-blanket", "Wool blanket", "light", 89.00m, "tarp", 5, "Recycled wool, 140 × 200 cm",
            ["Smells of nothing", "Made in one mill", "Comes with a strap"]),
        new("down-booties", "Down booties", "light", 69.00m, "pack", 310, "Hut shoes with altitude",
            ["700 fill power", "Grippy sole", "Pack to a pint"]),
        new("fire-kit", "Fire kit", "light", 27.50m, "stove", 28, "Steel, tinder, patience",
            ["Ferro rod", "Birch bark", "Tin that becomes a wick holder"]),
    ];

    public static Product? Find(string? slug) => Products.FirstOrDefault(product => product.Slug == slug);

    public static IEnumerable<Product> In(string category) => Products.Where(product => product.Category == category);

    public static IEnumerable<Product> Search(string? text)
    {
        var words = (text ?? string.Empty).Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        return words.Length == 0
            ? []
            : Products.Where(product => Array.TrueForAll(
                words,
                word => product.Name.Contains(word, StringComparison.OrdinalIgnoreCase)
                || product.Tagline.Contains(word, StringComparison.OrdinalIgnoreCase)));
    }
}
