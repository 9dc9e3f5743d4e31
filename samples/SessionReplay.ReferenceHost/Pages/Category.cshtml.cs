using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using SessionReplay.ReferenceHost.Shop;

namespace SessionReplay.ReferenceHost.Pages;

public sealed class CategoryModel : PageModel
{
    public Category Category { get; private set; } = Assortment.Categories[0];

    public IActionResult OnGet(string slug)
    {
        if (Assortment.Categories.FirstOrDefault(category => category.Slug == slug) is not { } category)
        {
            return NotFound();
        }

        Category = category;
        return Page();
    }
}
