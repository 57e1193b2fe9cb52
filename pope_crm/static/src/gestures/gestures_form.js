import {evaluateBooleanExpr} from "@web/core/py_js/py";
import {registry} from "@web/core/registry";
import {FormController} from "@web/views/form/form_controller";
import {formView} from "@web/views/form/form_view";

/**
 * The header keeps the gestures of the moment; its buttons of class o_pope_other are in the menu of the record, beside
 * Archive. On a phone all are in the header's own menu.
 */
export class PopeGesturesController extends FormController {
    getStaticActionMenuItems() {
        const items = super.getStaticActionMenuItems();
        const buttons = this.archInfo.xmlDoc.querySelectorAll("header > button.o_pope_other");
        buttons.forEach((button, index) => {
            items[`pope_${button.getAttribute("name")}`] = {
                isAvailable: () => !this.env.isSmall && !this.isHidden(button),
                sequence: index,
                description: button.getAttribute("string"),
                callback: () => this.clickButton(button),
            };
        });
        return items;
    }

    isHidden(button) {
        return evaluateBooleanExpr(
            button.getAttribute("invisible") || "False",
            this.model.root.evalContextWithVirtualIds
        );
    }

    clickButton(button) {
        const clickParams = Object.fromEntries(
            ["name", "type", "confirm", "context"]
                .filter((name) => button.hasAttribute(name))
                .map((name) => [name, button.getAttribute(name)])
        );
        const {resModel, resId, resIds, context, evalContext} = this.model.root;
        return this.env.onClickViewButton({
            clickParams,
            getResParams: () => ({resModel, resId, resIds, context, evalContext}),
        });
    }
}

registry.category("views").add("pope_gestures_form", {...formView, Controller: PopeGesturesController});
